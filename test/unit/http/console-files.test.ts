import { mkdir, writeFile } from "node:fs/promises";
import type { IncomingMessage, RequestListener } from "node:http";
import { join } from "node:path";
import supertest from "supertest";
import { describe, expect, it, onTestFinished } from "vitest";
import { openHttpWorld } from "../../support/http-app.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const PAGE = '<!doctype html><script type="module" src="/console/assets/x.js"></script>\n';
const SCRIPT = `export const words = "${"many words ".repeat(100)}";\n`;
const NOTHING_ELSE = "default-src 'none';frame-ancestors 'none'";

async function newFolder(): Promise<string> {
  const folder = await temporaryFolder("console");
  onTestFinished(() => folder.remove());
  return join(folder.path, "console");
}

async function build(folder: string): Promise<void> {
  await mkdir(join(folder, "assets"), { recursive: true });
  await writeFile(join(folder, "index.html"), PAGE);
  await writeFile(join(folder, "assets", "x.js"), SCRIPT);
  await writeFile(join(folder, "assets", "x.css"), "p { color: red }\n");
  await writeFile(join(folder, "assets", "x.svg"), "<svg/>\n");
  await writeFile(join(folder, "assets", "x.map"), "{}\n");
}

async function openBuilt(): Promise<RequestListener> {
  const consoleFolder = await newFolder();
  await build(consoleFolder);
  return (await openHttpWorld({ consoleFolder, undocumented: true })).app;
}

describe("the operators' page at /console", () => {
  it.each([
    ["/console", "text/html; charset=utf-8"],
    ["/console/", "text/html; charset=utf-8"],
    ["/console/index.html", "text/html; charset=utf-8"],
    ["/console/assets/x.js", "text/javascript; charset=utf-8"],
    ["/console/assets/x.css", "text/css; charset=utf-8"],
    ["/console/assets/x.svg", "image/svg+xml"],
  ])("says what a file is: %s", async (path, contentType) => {
    const { status, headers } = await supertest(await openBuilt()).get(path);
    expect([status, headers["content-type"]]).toEqual([200, contentType]);
  });

  it.each(["/console/cluster", "/console/documents/0?change=1", "/console/a/b/c", "/console/../etc/passwd"])(
    "answers a place within the page with the page: %s",
    async (path) => {
      const { status, text } = await supertest(await openBuilt()).get(path);
      expect([status, text]).toEqual([200, PAGE]);
    },
  );

  it.each(["/console/assets/y.js", "/console/assets/", "/console/assets/x.map", "/console/assets/../x.js"])(
    "has no page for an asset that is not there: %s",
    async (path) => {
      const { status, body } = await supertest(await openBuilt()).get(path);
      expect([status, body.code]).toEqual([404, "console-missing"]);
    },
  );

  it("is missing where it was not built, and there once it is, without a new start", async () => {
    const consoleFolder = await newFolder();
    const { app } = await openHttpWorld({ consoleFolder, undocumented: true });
    for (const path of ["/console", "/console/assets/x.js"]) {
      const { status, body, headers } = await supertest(app).get(path);
      expect([status, body.code]).toEqual([404, "console-missing"]);
      expect(headers["content-security-policy"]).toBe(NOTHING_ELSE);
    }
    await build(consoleFolder);
    expect((await supertest(app).get("/console")).text).toBe(PAGE);
  });

  it("is missing where no folder is named", async () => {
    const { status, body } = await supertest((await openHttpWorld({ undocumented: true })).app).get(
      "/console",
    );
    expect([status, body.code]).toEqual([404, "console-missing"]);
  });

  it.each(["post", "put", "patch", "delete", "options"] as const)("takes no %s", async (method) => {
    const { status, body, headers } = await supertest(await openBuilt())[method]("/console/cluster");
    expect([status, body.code, headers.allow]).toEqual([405, "method-not-allowed", "GET, HEAD"]);
  });

  it("answers HEAD as GET, without the body", async () => {
    const app = await openBuilt();
    const asked = await supertest(app).get("/console").set("Accept-Encoding", "identity");
    const { status, headers, text } = await supertest(app)
      .head("/console")
      .set("Accept-Encoding", "identity");
    expect([status, text]).toEqual([200, undefined]);
    for (const name of ["content-type", "etag", "cache-control", "content-length"]) {
      expect([name, headers[name]]).toEqual([name, asked.headers[name]]);
    }
  });

  it("is asked for each time, its assets once for ever", async () => {
    const app = await openBuilt();
    const cacheControl = async (path: string) => (await supertest(app).get(path)).headers["cache-control"];
    expect(await cacheControl("/console/players")).toBe("no-cache");
    expect(await cacheControl("/console/assets/x.js")).toBe("public, max-age=31536000, immutable");
    expect(await cacheControl("/console/assets/y.js")).toBe("no-store");
  });

  it("is not sent again to who has it", async () => {
    const app = await openBuilt();
    const { headers } = await supertest(app).get("/console");
    const tag = headers.etag ?? "";
    expect(tag).toMatch(/^W\/"[\w-]{22}"$/);
    const again = await supertest(app).get("/console/audit").set("If-None-Match", `"other", ${tag}`);
    expect([again.status, again.text, again.headers.etag]).toEqual([304, "", tag]);
    expect(again.headers).not.toHaveProperty("content-encoding");
    const other = await supertest(app).get("/console").set("If-None-Match", '"other"');
    expect([other.status, other.text]).toEqual([200, PAGE]);
    expect((await supertest(app).get("/console/assets/x.js")).headers.etag).not.toBe(tag);
  });

  it.each([
    ["gzip, deflate, br", "br"],
    ["br;q=0.5, gzip", "br"],
    ["gzip, br;q=0", "gzip"],
    ["gzip, br; q=0.000", "gzip"],
    ["deflate", undefined],
    ["identity", undefined],
    ["", undefined],
  ])("is packed as it is taken: %j", async (accepted, encoding) => {
    const app = await openBuilt();
    const { headers, text } = await supertest(app)
      .get("/console/assets/x.js")
      .set("Accept-Encoding", accepted);
    expect([headers["content-encoding"], headers.vary]).toEqual([
      encoding,
      expect.stringContaining("Accept-Encoding"),
    ]);
    // The caller unpacks it; its length is that of what was sent.
    expect(text).toBe(SCRIPT);
    const length = Number(headers["content-length"]);
    if (encoding) expect(length).toBeLessThan(SCRIPT.length / 2);
    else expect(length).toBe(SCRIPT.length);
  });

  it("has one policy, which lets in its own files and calls to this server alone", async () => {
    const app = await openBuilt();
    for (const path of ["/console", "/console/assets/x.js"]) {
      const response = await supertest(app).get(path);
      const policies = (response as unknown as { res: IncomingMessage }).res.rawHeaders.filter(
        (name) => name.toLowerCase() === "content-security-policy",
      );
      expect(policies).toHaveLength(1);
      expect(response.headers["content-security-policy"]).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';" +
          "base-uri 'none';form-action 'none';frame-ancestors 'none'",
      );
      expect(response.headers["x-content-type-options"]).toBe("nosniff");
    }
  });

  it.each(["/", "/consoles", "/Console", "/v1/console", "/assets/x.js", "/index.html"])(
    "has no other path: %s",
    async (path) => {
      const { status, body, headers } = await supertest(await openBuilt()).get(path);
      expect([status, body.code]).toEqual([404, "path-not-found"]);
      expect(headers["content-security-policy"]).toBe(NOTHING_ELSE);
    },
  );
});
