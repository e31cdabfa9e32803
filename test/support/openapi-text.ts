/** The OpenAPI document as a server of this version answers it, in the form that `docs/openapi.json` keeps. */
import supertest from "supertest";
import { VERSION } from "../../src/cli/version.ts";
import { openHttpWorld } from "./http-app.ts";

export async function openApiText(): Promise<string> {
  // What is kept may be of an earlier version.
  const { app } = await openHttpWorld({ version: VERSION, undocumented: true });
  const { body } = await supertest(app).get("/openapi.json");
  return `${JSON.stringify(body, null, 1)}\n`;
}
