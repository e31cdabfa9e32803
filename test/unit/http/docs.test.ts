import { createHash } from "node:crypto";
import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { prose } from "../../../src/http/docs/prose.ts";
import { documentedCalls } from "../../support/answer-check.ts";
import { openHttpWorld } from "../../support/http-app.ts";

describe("GET /docs", () => {
  async function page() {
    const { app } = await openHttpWorld();
    return supertest(app).get("/docs");
  }

  it("has every call, with an address of its own that links lead to", async () => {
    const { status, text, headers } = await page();
    expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(links.filter((link) => !ids.has(link))).toEqual([]);
    const shown = [...text.matchAll(/<article id="[a-z]\w+">\s*<h3>.*?>([A-Z]+)<\/span> <code>([^<]+)</g)];
    expect(shown.map(([, method, path]) => `${method} ${path}`).sort()).toEqual(documentedCalls().sort());
  });

  it("loads nothing and runs nothing: its policy allows its own style alone", async () => {
    const { text, headers } = await page();
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(text) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none';style-src 'sha256-${hash}';base-uri 'none';form-action 'none';frame-ancestors 'none'`,
    );
    expect(text).not.toMatch(/<(script|link|img|iframe)|\son\w+=|\sstyle=|(src|href)="(?![#/])/);
  });
});

it("shows as code what stands between back ticks", () => {
  expect(prose("a `<b>` c").text).toBe("a <code>&lt;b&gt;</code> c");
});
