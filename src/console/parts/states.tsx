/** What is shown in place of an answer: that it is awaited, that there is none, and why not. */
import type { ReactNode } from "react";
import { mayPass } from "../api/request.ts";

function Loading(): ReactNode {
  return (
    <p className="state" role="status">
      Loading …
    </p>
  );
}

export function Empty({ children }: { readonly children: ReactNode }): ReactNode {
  return <p className="state">{children}</p>;
}

export function Failure({
  error,
  onRetry,
}: {
  readonly error: Error;
  readonly onRetry?: () => unknown;
}): ReactNode {
  return (
    <div className="state bad" role="alert">
      <p>{error.message}</p>
      {onRetry && mayPass(error) && (
        <button type="button" onClick={() => void onRetry()}>
          Try again
        </button>
      )}
    </div>
  );
}

interface Asked<Answer> {
  readonly data: Answer | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** An answer as it is, with what was wrong since; or what is shown in its place, under a heading of its own. */
export function Answered<Answer>({
  query: { data, error, refetch },
  heading,
  children,
}: {
  readonly query: Asked<Answer>;
  /** For a page whose heading is part of the answer. */
  readonly heading?: ReactNode;
  readonly children: (answer: Answer) => ReactNode;
}): ReactNode {
  if (data === undefined) {
    return (
      <>
        {heading}
        {error ? <Failure error={error} onRetry={refetch} /> : <Loading />}
      </>
    );
  }
  return (
    <>
      {error && <Failure error={error} onRetry={refetch} />}
      {children(data)}
    </>
  );
}
