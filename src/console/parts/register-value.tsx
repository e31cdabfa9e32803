/** What a register holds; a time in it as people read one, with what is kept there for whoever points at it. */
import type { ReactNode } from "react";
import { dateText, momentOf } from "./moments.ts";
import { Value } from "./text.tsx";

export function RegisterValue({
  path,
  of: value,
}: {
  readonly path: string;
  readonly of: unknown;
}): ReactNode {
  const moment = momentOf(path, value);
  if (moment === undefined) return <Value of={value} />;
  const { date, rest } = moment;
  return (
    <span title={JSON.stringify(value)}>
      <time dateTime={date.toISOString()}>{dateText(date)}</time>
      {rest !== "" && (
        <>
          {" "}
          <code>{rest}</code>
        </>
      )}
    </span>
  );
}
