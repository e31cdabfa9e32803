/** Where the OpenAPI document is kept, from the root of the repository. */
export const OPENAPI_FILE = "docs/openapi.json";
