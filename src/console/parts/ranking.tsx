/** A ranking of a match: a row a place, the best first; who tied stands in one. */
import type { ReactNode } from "react";
import { grouped } from "./grouped.ts";
import { PlayerName } from "./text.tsx";

/** @param of The place of each player, by their ids. */
export function Ranking({ of: ranks }: { readonly of: unknown }): ReactNode {
  const places = grouped(
    Object.entries((ranks ?? {}) as Readonly<Record<string, number>>),
    ([, place]) => place,
  );
  return (
    <ol className="ranking">
      {[...places]
        .sort(([one], [other]) => one - other)
        .map(([place, those]) => (
          <li key={place} value={place}>
            {those.map(([id]) => (
              <PlayerName key={id} id={id} />
            ))}
            {those.length > 1 && <span className="dim">tied</span>}
          </li>
        ))}
    </ol>
  );
}
