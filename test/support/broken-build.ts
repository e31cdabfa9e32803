/**
 * A build with a deliberate bug, to see the lab's checker find it: `dist/` with a few places put otherwise. The
 * product's source knows nothing of it. Each place has to be there exactly once, so that a bug that no longer applies
 * is told and not passed over.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Bug {
  readonly name: string;
  readonly places: readonly {
    /** In `dist/`. */
    readonly file: string;
    readonly from: string;
    readonly to: string;
  }[];
}

export interface BrokenBuild {
  readonly command: string;
  remove(): Promise<void>;
}

/** Within the repository, so that packages are found; left out of it by git. */
const FOLDER = ".rollcall";

export async function buildWith({ name, places }: Bug): Promise<BrokenBuild> {
  await mkdir(FOLDER, { recursive: true });
  const folder = await mkdtemp(join(process.cwd(), FOLDER, `broken-${name}-`));
  await cp("dist", folder, { recursive: true });
  for (const { file, from, to } of places) {
    const path = join(folder, file);
    const text = await readFile(path, "utf8");
    const found = text.split(from).length - 1;
    if (found !== 1) throw new RangeError(`${name}: ${file} has the place ${found} times: ${from}`);
    await writeFile(
      path,
      text.replace(from, () => to),
    );
  }
  return {
    command: join(folder, "src/cli/main.js"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export const BUGS = {
  /** The answer goes out, and the transaction is committed so much later that a kill is sure to fall between. */
  acknowledgesBeforeCommit: {
    name: "acknowledges-before-commit",
    places: [
      {
        file: "src/registry/batch-writer.js",
        from: "            if (batch)\n                await this.#options.store.commit(batch);",
        to: `            plan.settle();
            if (batch) {
                await new Promise((resolve) => setTimeout(resolve, 300));
                await this.#options.store.commit(batch);
            }`,
      },
    ],
  },
  /** Whoever asks for what is missing leaves one out, and stores what comes behind the hole. */
  skipsHoles: {
    name: "skips-holes",
    places: [
      {
        file: "src/gossip/intake.js",
        from: "const from = window.handed + 1;",
        to: "const from = window.handed + 2;",
      },
      {
        file: "src/gossip/intake.js",
        from: "if (skip < 0 || skip >= entries.length)",
        to: "if (skip >= entries.length)",
      },
      {
        file: "src/gossip/intake.js",
        from: "skip === 0 ? entries : entries.slice(skip)",
        to: "entries.slice(Math.max(0, skip))",
      },
      {
        file: "src/registry/batch-plan.js",
        from: "            if (sequence > next)\n                break;",
        to: "            if (sequence > next + 1_000_000)\n                break;",
      },
    ],
  },
  /** A server writes under one name for ever, and not under a new one at each start. */
  reusesItsActor: {
    name: "reuses-its-actor",
    places: [
      {
        file: "src/server/server.js",
        from: 'incarnation: randomBytes(INCARNATION_BYTES).toString("hex")',
        to: 'incarnation: Buffer.from(settings.server.padEnd(INCARNATION_BYTES, "-")).toString("hex")',
      },
    ],
  },
  /** Whoever subscribes again takes what was missed for read. */
  dropsOnResubscribe: {
    name: "drops-on-resubscribe",
    places: [
      {
        file: "src/gossip/protocol.js",
        from: "    subscribed(time) {",
        to: "    subscribed(time) {\n        this.subscriptions = (this.subscriptions ?? 0) + 1;",
      },
      {
        file: "src/gossip/protocol.js",
        from: "    #ask(nowMs) {",
        to: "    #ask(nowMs) {\n        if (this.subscriptions > 3) return [];",
      },
    ],
  },
  /** Whose claim came first, and not whose stamp is least, owns a name. */
  appliesByArrival: {
    name: "applies-by-arrival",
    places: [
      { file: "crdt/claim.js", from: "[...others, claim].sort(byStampAndPlayer)", to: "[...others, claim]" },
    ],
  },
} as const satisfies Record<string, Bug>;
