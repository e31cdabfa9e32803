/** Times, ids and values as people read them. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ageText, shortId } from "./words.ts";

/** When, in words; the exact time is there for whoever points at it. */
export function When({ at }: { readonly at: string | undefined | null }): ReactNode {
  if (!at) return <span className="dim">unknown</span>;
  return (
    <time dateTime={at} title={at}>
      {ageText(Date.now() - Date.parse(at))}
    </time>
  );
}

export function PlayerLink({ id, name }: { readonly id: string; readonly name?: string | null }): ReactNode {
  return (
    <Link href={`/players/${id}`} title={id}>
      {name || <code>{shortId(id)}</code>}
    </Link>
  );
}

export function Value({ of: value }: { readonly of: unknown }): ReactNode {
  if (value === null || value === undefined) return <span className="dim">unset</span>;
  return <code className="value">{JSON.stringify(value)}</code>;
}

export function Badge({
  kind,
  children,
}: {
  readonly kind: string;
  readonly children: ReactNode;
}): ReactNode {
  return <span className={`badge is-${kind}`}>{children}</span>;
}
