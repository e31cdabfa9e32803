/** Finds the route of a request: the path first, then the method, so that a method that is not served is known. */
import findMyWay from "find-my-way";
import { MalformedPathError, MethodNotAllowedError, PathNotFoundError } from "./errors.ts";
import type { RawRequest, Route } from "./route.ts";

export interface FoundRoute {
  readonly route: Route;
  readonly params: RawRequest["params"];
}

/** Of a path, by method as HTTP writes it. */
type RoutesByMethod = Map<string, Route>;

/** A segment is as long as it likes: its schema says what is too long, and a whole path is bounded by Node. */
const SEGMENT_LENGTH_MAX = 16_384;
/** Under which all paths stand in the library's table, as it asks for a method. */
const ANY_METHOD = "GET";

export class RouteTable {
  readonly #paths = findMyWay({
    maxParamLength: SEGMENT_LENGTH_MAX,
    caseSensitive: true,
    ignoreTrailingSlash: false,
    // Routes read the query by themselves.
    querystringParser: () => ({}),
    // What cannot be decoded is then found without a store.
    onBadUrl: () => undefined,
  });

  constructor(routes: readonly Route[]) {
    const byPath = new Map<string, RoutesByMethod>();
    for (const route of routes) {
      const methods = byPath.get(route.path) ?? new Map<string, Route>();
      methods.set(route.method.toUpperCase(), route);
      // A path that is read answers HEAD too: Node leaves the body away.
      if (route.method === "get") methods.set("HEAD", route);
      byPath.set(route.path, methods);
    }
    for (const [path, methods] of byPath) {
      this.#paths.on(ANY_METHOD, libraryPath(path), () => undefined, methods);
    }
  }

  /** @throws PathNotFoundError, MethodNotAllowedError, MalformedPathError */
  find(method: string, url: string): FoundRoute {
    const found = this.#paths.find(ANY_METHOD, url);
    if (found && !found.store) throw new MalformedPathError();
    if (!found || Object.values(found.params).includes("")) throw new PathNotFoundError();
    const methods = found.store as RoutesByMethod;
    const route = methods.get(method);
    if (!route) throw new MethodNotAllowedError(method, [...methods.keys()]);
    return { route, params: found.params };
  }
}

/** `/v1/players/{id}` as the library writes it. */
function libraryPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
