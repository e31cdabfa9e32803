/** The pages by name, and which of them is shown: a history is of the players or of the matches. */
import type { ReactNode } from "react";
import { Link, useLocation, useRoute } from "wouter";
import type { DocumentAnswer } from "../http/contract/history.ts";
import { useApi } from "./api/queries.ts";

const PLACES = [
  ["/cluster", "Cluster"],
  ["/players", "Players"],
  ["/matches", "Matches"],
  ["/leaderboards", "Leaderboards"],
  ["/conflicts", "Conflicts"],
  ["/audit", "Audit"],
] as const;
const LIST_OF: { readonly [kind in DocumentAnswer["kind"]]: string } = {
  player: "/players",
  match: "/matches",
};

export function Places(): ReactNode {
  const here = usePlace();
  return (
    <nav aria-label="Pages">
      {PLACES.map(([path, name]) => (
        <Link key={path} href={path} aria-current={here.startsWith(path) ? "page" : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}

/** Of a history the list that its record is in, once that is known. */
function usePlace(): string {
  const [location] = useLocation();
  const [isHistory, params] = useRoute("/documents/:id");
  const { data } = useApi<DocumentAnswer>(`/v1/documents/${params?.id}`, { isOn: isHistory });
  return data ? LIST_OF[data.kind] : location;
}
