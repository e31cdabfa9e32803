/**
 * `?ack=N` (ACK1): a write's answer waits until so many peers hold its entry. One place for all writes: whatever is
 * asked for here, the write itself is done before, and stands.
 */
import { parsePosition } from "../../crdt/position.ts";
import type { ClusterPort } from "./cluster-port.ts";
import { WAIT_MS_DEFAULT } from "./contract/limits.ts";
import { isWriteQuery } from "./contract/position.ts";
import { NotAcknowledgedYetError } from "./errors.ts";
import { parseQuery } from "./query-string.ts";
import type { Route } from "./route.ts";

/** Routes that are no writes stay as they are. */
export function acknowledging(route: Route, cluster: Pick<ClusterPort, "acknowledged">): Route {
  const { query } = route.request;
  if (!query || !isWriteQuery(query)) return route;
  return {
    ...route,
    answer: async (request) => {
      const answer = await route.answer(request);
      const { url = "", headers } = request.message;
      const written = answer.headers?.["Rollcall-Position"];
      if (written === undefined || !url.includes("?")) return answer;
      // The route has found query and headers to be good.
      const { ack } = query.parse(parseQuery(url));
      if (typeof ack !== "number" || ack === 0) return answer;
      const waitMs = Number(headers["rollcall-wait"] ?? WAIT_MS_DEFAULT);
      if (await cluster.acknowledged(parsePosition(written), ack, waitMs)) return answer;
      throw new NotAcknowledgedYetError({ peers: ack, waitMs, headers: answer.headers ?? {} });
    },
  };
}
