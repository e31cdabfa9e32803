/** Writes `docs/openapi.json` as a server would answer it; a test holds the file to the code. `npm run openapi`. */
import { writeFileSync } from "node:fs";
import { OPENAPI_FILE } from "../test/support/openapi-file.ts";
import { openApiText } from "../test/support/openapi-text.ts";

writeFileSync(OPENAPI_FILE, await openApiText());
