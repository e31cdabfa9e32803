import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it } from "vitest";
import { RequestAbortedError } from "../../../src/http/errors.ts";
import { readJson } from "../../../src/http/json-body.ts";

it("a body that ends before it is complete settles, as aborted", async () => {
  const server = createServer();
  const read = once(server, "request").then(([request]) => readJson(request, ["application/json"]));
  const aborted = expect(read).rejects.toThrow(RequestAbortedError);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{}");
  await once(server, "request");
  socket.destroy();
  await aborted;
  server.close();
});
