/** Set up for tests of real servers: every answer that `fetch` gets of one is held to the OpenAPI document. */
import { afterEach } from "vitest";
import { faultsOfAnswer } from "./answer-check.ts";

const fetched = globalThis.fetch;
/** Told after the test: what is thrown in a call, a client that moves on could swallow. */
const faults: string[] = [];

globalThis.fetch = async (input, init) => {
  const response = await fetched(input, init);
  // What a Rollcall server answers says which server it is.
  if (!response.headers.has("rollcall-server")) return response;
  const method = init?.method ?? (input instanceof Request ? input.method : "GET");
  const { pathname, search } = new URL(response.url);
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  const body = isStream ? "" : await response.clone().text();
  const header = (name: string) => response.headers.get(name);
  faults.push(...faultsOfAnswer({ method, url: pathname + search, status: response.status, header, body }));
  return response;
};

/** For a file whose servers have deliberate bugs: what they answer is documented nowhere. */
export function leaveAnswersUnchecked(): void {
  globalThis.fetch = fetched;
}

afterEach(() => {
  const found = faults.splice(0);
  if (found.length > 0) throw new Error(`answers are not as documented:\n${found.join("\n")}`);
});
