/** Set up for tests of real servers: every answer that `fetch` gets of one is held to the OpenAPI document. */
import { faultsOfAnswer } from "./answer-check.ts";

const fetched = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const response = await fetched(input, init);
  // What a Rollcall server answers says which server it is.
  if (!response.headers.has("rollcall-server")) return response;
  const method = init?.method ?? (input instanceof Request ? input.method : "GET");
  const { pathname, search } = new URL(response.url);
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  const body = isStream ? "" : await response.clone().text();
  const header = (name: string) => response.headers.get(name);
  const faults = faultsOfAnswer({ method, url: pathname + search, status: response.status, header, body });
  if (faults.length > 0) throw new Error(`an answer is not as documented:\n${faults.join("\n")}`);
  return response;
};
