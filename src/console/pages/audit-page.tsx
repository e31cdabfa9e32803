/** What operators and trusted back ends did, and why. */
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { AuditRecordAnswer } from "../../http/contract/audit.ts";
import { withQuery } from "../api/queries.ts";
import { ChoiceFilter, useFilters } from "../parts/filters.tsx";
import { PagedTable, type TableColumn } from "../parts/paged-table.tsx";
import { Badge, When } from "../parts/text.tsx";
import { Title } from "../parts/title.tsx";
import { shortId } from "../parts/words.ts";

const ACTIONS = ["restore", "merge", "settle", "forget", "ban", "unban", "erase"];
const COLUMNS: readonly TableColumn<AuditRecordAnswer>[] = [
  { name: "When", cell: ({ at }) => <When at={at} /> },
  { name: "Action", cell: ({ action }) => <Badge kind={action}>{action}</Badge> },
  { name: "Of", cell: Subject },
  { name: "By", cell: ({ by, operator }) => (operator ? `${operator} (${by})` : by) },
  { name: "Why", cell: ({ reason }) => reason ?? <span className="dim">not said</span> },
  { name: "From", cell: ({ address, server }) => `${address ?? "?"} at ${server ?? "?"}` },
];

export function AuditPage(): ReactNode {
  const [filters, setFilter] = useFilters(["action", "documentId"]);
  const { action = "", documentId = "" } = filters;
  return (
    <>
      <Title>Audit</Title>
      <h1>Audit</h1>
      <search className="filters">
        <ChoiceFilter
          label="Action"
          value={action}
          choices={ACTIONS}
          onChange={(value) => setFilter("action", value)}
        />
        {documentId !== "" && (
          <button type="button" onClick={() => setFilter("documentId", "")}>
            Of all records, not {shortId(documentId)} alone
          </button>
        )}
      </search>
      <PagedTable
        path={withQuery("/v1/audit", filters)}
        label="What operators did"
        columns={COLUMNS}
        keyOf={({ id }) => id}
        nothing="Nothing was done yet."
        noneFits="Nothing that was done fits."
      />
    </>
  );
}

function Subject({ documentId, member, change }: AuditRecordAnswer): ReactNode {
  if (member) return member;
  if (!documentId) return null;
  return (
    <Link href={`/documents/${documentId}${change ? `?change=${change}` : ""}`} title={documentId}>
      <code>{shortId(documentId)}</code>
    </Link>
  );
}
