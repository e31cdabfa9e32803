/** The fields of a record, and its document as it is kept. */
import { Fragment, type ReactNode, useState } from "react";
import type { DocumentAnswer } from "../../http/contract/history.ts";
import { useApi } from "../api/queries.ts";
import { RegisterValue } from "./register-value.tsx";
import { Answered } from "./states.tsx";

/** What is not set is left out. */
export function Fields({ rows }: { readonly rows: readonly (readonly [string, ReactNode])[] }): ReactNode {
  const set = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <dl className="fields">
      {set.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

export function RawDocument({ id }: { readonly id: string }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const raw = useApi<DocumentAnswer>(`/v1/documents/${id}`, { isOn: isOpen });
  return (
    <details className="raw" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The document as it is kept</summary>
      {isOpen && <Answered query={raw}>{(answer) => <Registers values={answer.document} />}</Answered>}
    </details>
  );
}

export function Registers({ values }: { readonly values: DocumentAnswer["document"] }): ReactNode {
  return (
    <dl className="fields registers">
      {Object.entries(values).map(([path, value]) => (
        <Fragment key={path}>
          <dt>
            <code>{path}</code>
          </dt>
          <dd>
            <RegisterValue path={path} of={value} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
