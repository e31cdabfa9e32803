/** One line a request, for those who look for something: only where the level is `debug` or lower. */
import type { Logger } from "pino";
import { pinoHttp } from "pino-http";
import { requestIdOf } from "./common-headers.ts";
import type { Middleware } from "./middleware.ts";
import { shownPathOf } from "./request-path.ts";

/** Undefined when no such line would be written, so that requests do not pay for it. */
export function requestLog(logger: Logger): Middleware | undefined {
  if (!logger.isLevelEnabled("debug")) return undefined;
  return pinoHttp({
    logger,
    genReqId: (_request, response) => requestIdOf(response),
    customLogLevel: () => "debug",
    // Nothing else: headers hold tokens, and queries names.
    serializers: {
      req: ({ id, method, url }) => ({ id, method, path: shownPathOf(String(url)) }),
      res: ({ statusCode }) => ({ status: statusCode }),
    },
  });
}
