/**
 * Holds the direction of imports: who may see whom, and nobody in a circle.
 *
 * The tables below are the rule; everything after them only applies it. Types count like values: whoever
 * imports a type depends on its owner. The functions are pure (files in, violations out), so that a test can
 * show each rule failing.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync } from "oxc-parser";

/** What client, cli and console share with the server: request and answer shapes, and nothing that runs it. */
const CONTRACT = "src/http/contract";

/**
 * A folder (or file) and what it may import beside itself. The longest row that fits a file rules it; a file
 * of `crdt` or `src` that no row fits is itself a violation.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  crdt: [],
  "src/markup": [],
  "src/storage": ["crdt"],
  "src/gossip": ["crdt"],
  "src/registry": ["crdt", "src/storage", "src/gossip"],
  "src/http": ["crdt", "src/storage", "src/gossip", "src/registry", "src/markup"],
  "src/server": ["crdt", "src/storage", "src/gossip", "src/registry", "src/http"],
  [CONTRACT]: [],
  "src/client": [CONTRACT],
  "src/console": [CONTRACT, "src/client"],
  "src/cli": [CONTRACT, "src/client"],
  "src/cli/serve.ts": ["src/cli", "src/server"],
  // It judges settings, and dials brokers, by the code that does so in a server.
  "src/cli/doctor": [
    "src/cli",
    CONTRACT,
    "src/server/settings.ts",
    "src/gossip/broker-url.ts",
    "src/gossip/redis-dial.ts",
  ],
  "src/cli/demo": ["src/cli", CONTRACT, "src/client"],
  "src/cli/split-brain": ["src/cli", "src/lab"],
  "src/lab": ["crdt", "src/storage", "src/gossip", "src/registry", CONTRACT, "src/cli/demo", "src/markup"],
  // Independent of what it is to judge: of the product it has constants alone.
  "src/lab/oracle": ["crdt"],
};

/**
 * The only packages of these folders; other folders are free. Those of `crdt` are pure, without I/O, a clock or
 * randomness; `client` has types alone from its one.
 */
const MAY_IMPORT_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  crdt: ["@automerge/automerge", "node:crypto", "openskill", "uuidv7"],
  "src/client": ["zod"],
};

/** What these folders import from outside themselves is gone at run time: a browser loads them as they are. */
const TYPES_ONLY: readonly string[] = ["src/client"];

/** Packages that these files of `crdt` and `src` hide from all others. */
const HIDDEN_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@automerge/automerge": ["crdt/automerge.ts", "src/lab/oracle/documents.ts"],
};

/** Where the rules above hold. */
const RULED = ["crdt", "src"];

/** Where cycles and barrels are looked for; the product must not import what is only here. */
const SEARCHED = [...RULED, "test", "scripts"];

export interface SourceFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly file: string;
  readonly line: number;
  /** The file or package imported; for a file that breaks a rule as a whole, the first one it names. */
  readonly imports: string;
  readonly why: string;
}

export interface Import {
  readonly file: string;
  readonly line: number;
  /** A path from the root where the specifier is relative, else the specifier. */
  readonly target: string;
  readonly isFile: boolean;
  /** `import type …`, `export type … from`, or a type named in place. */
  readonly isType: boolean;
  /** `import()`: loaded when it is come to. */
  readonly isLazy: boolean;
}

interface Parsed {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly isBarrel: boolean;
}

/** All violations in a set of files that import each other, in the order of the files. */
export function violationsIn(files: readonly SourceFile[]): Violation[] {
  const parsed = files.map(parse);
  const imports = parsed.flatMap((file) => file.imports);
  return [
    ...parsed.filter((file) => within(file.path, RULED)).flatMap(({ path }) => homeless(path)),
    ...imports.filter(({ file }) => within(file, RULED)).flatMap(wrongDirection),
    ...parsed.filter(({ isBarrel }) => isBarrel).map(barrel),
    ...cycles(parsed),
  ];
}

function homeless(path: string): Violation[] {
  if (rowOf(path) !== undefined) return [];
  return [{ file: path, line: 1, imports: "nothing yet", why: "no row of MAY_IMPORT says what it may see" }];
}

function wrongDirection(found: Import): Violation[] {
  const why = (found.isFile ? whyNotFile(found) : whyNotPackage(found)) ?? whyNotValue(found);
  return why === undefined ? [] : [{ file: found.file, line: found.line, imports: found.target, why }];
}

function whyNotFile({ file, target }: Import): string | undefined {
  if (!within(target, RULED)) return "crdt and src import only crdt, src and packages";
  const row = rowOf(file);
  if (row === undefined) return undefined; // Reported as homeless.
  const allowed = MAY_IMPORT[row] ?? [];
  if (within(target, [row, ...allowed])) return undefined;
  return allowed.length === 0 ? `${row} imports only itself` : `${row} may import only ${allowed.join(", ")}`;
}

function whyNotPackage({ file, target }: Import): string | undefined {
  const name = packageOf(target);
  const homes = HIDDEN_PACKAGES[name];
  if (homes && !homes.includes(file)) return `only ${homes.join(" and ")} may import it`;
  for (const [folder, allowed] of Object.entries(MAY_IMPORT_PACKAGES)) {
    if (within(file, [folder]) && !allowed.includes(name)) {
      return `${folder} may import only the packages ${allowed.join(", ")}`;
    }
  }
  return undefined;
}

function whyNotValue({ file, target, isType }: Import): string | undefined {
  const folder = TYPES_ONLY.find((ruled) => within(file, [ruled]));
  if (folder === undefined || isType || within(target, [folder])) return undefined;
  return `${folder} imports only types from outside itself`;
}

function barrel({ path, imports }: Parsed): Violation {
  const first = imports[0];
  return {
    file: path,
    line: first?.line ?? 1,
    imports: first?.target ?? "nothing",
    why: "a file that only re-exports hides where things live",
  };
}

/** One violation for each import that closes a circle, found by a walk in depth. */
function cycles(files: readonly Parsed[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const violations: Violation[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];

  function visit(file: Parsed): void {
    trail.push(file.path);
    for (const { line, target } of file.imports) {
      const start = trail.indexOf(target);
      if (start >= 0) {
        const circle = [...trail.slice(start), target].join(" -> ");
        violations.push({ file: file.path, line, imports: target, why: `a cycle: ${circle}` });
        continue;
      }
      const next = byPath.get(target);
      if (next !== undefined && !finished.has(target)) visit(next);
    }
    trail.pop();
    finished.add(file.path);
  }

  for (const file of files) if (!finished.has(file.path)) visit(file);
  return violations;
}

/** The row of MAY_IMPORT that rules a file: the longest that fits. */
function rowOf(path: string): string | undefined {
  return Object.keys(MAY_IMPORT)
    .filter((row) => within(path, [row]))
    .sort((a, b) => b.length - a.length)[0];
}

/** Whether a path is one of these files (named with or without their ending) or below one of these folders. */
function within(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`) || path === `${place}.ts`);
}

export function importsIn(file: SourceFile): readonly Import[] {
  return parse(file).imports;
}

/** `@scope/name/part` belongs to `@scope/name`; `node:fs/promises` to `node:fs`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Reads a file's imports from its syntax tree, so that neither a comment nor a string can look like one. */
function parse({ path, text }: SourceFile): Parsed {
  const { program, errors } = parseSync(path, text);
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`);
  const body = program.body as unknown as readonly Node[];
  const imports = nodesIn(body).flatMap((node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return [];
    const isFile = specifier.startsWith(".");
    const target = isFile ? posix.join(posix.dirname(path), specifier) : specifier;
    const line = text.slice(0, node.start).split("\n").length;
    const isLazy = node.type === "ImportExpression";
    return [{ file: path, line, target, isFile, isType: isOfTypes(node), isLazy }];
  });
  return { path, imports, isBarrel: body.some(isReExport) && body.every(isImportOrReExport) };
}

/** What a node imports: `import … from`, `export … from`, `import()` and `import("…").Type` all have a source. */
function specifierOf(node: Node): string | undefined {
  const source = node.source as Node | null | undefined;
  return IMPORTING.has(node.type) && typeof source?.value === "string" ? source.value : undefined;
}

function isOfTypes({ type, importKind, exportKind }: Node): boolean {
  return type === "TSImportType" || importKind === "type" || exportKind === "type";
}

const IMPORTING = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

function isReExport(node: Node): boolean {
  return (
    node.type === "ExportAllDeclaration" ||
    (node.type === "ExportNamedDeclaration" && node.declaration === null)
  );
}

function isImportOrReExport(node: Node): boolean {
  return node.type === "ImportDeclaration" || isReExport(node);
}

/** Every node of a tree, parents first. */
function nodesIn(tree: unknown): Node[] {
  if (typeof tree !== "object" || tree === null) return [];
  const below = Object.values(tree).flatMap(nodesIn);
  return "type" in tree && "start" in tree ? [tree as Node, ...below] : below;
}

function filesOf(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|tsx|mts|mjs)$/.test(name))
    .sort()
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

function main(): void {
  process.chdir(join(import.meta.dirname, ".."));
  const violations = violationsIn(SEARCHED.flatMap(filesOf));
  for (const { file, line, imports, why } of violations) {
    process.stderr.write(`${file}:${line} imports ${imports}: ${why}\n`);
  }
  if (violations.length > 0) process.exitCode = 1;
}

if (import.meta.filename === process.argv[1]) main();
