/** A cluster for one benchmark, in a temporary folder that goes with it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalCluster, startLocalCluster } from "../../src/cli/demo/local-cluster.ts";

export async function withCluster<T>(
  servers: number,
  measure: (cluster: LocalCluster) => Promise<T>,
  settings: Readonly<Record<string, string>> = {},
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-bench-"));
  try {
    const cluster = await startLocalCluster({
      folder,
      servers,
      postgres: "shared",
      settings: { ROLLCALL_RATE_LIMIT: "off", ROLLCALL_LOG_LEVEL: "warn", ...settings },
    });
    try {
      return await measure(cluster);
    } finally {
      await cluster.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A server's own count of entries, from its digest. */
export async function entriesOf(url: string, opsToken: string): Promise<number> {
  const response = await fetch(`${url}/v1/cluster/digest`, {
    headers: { authorization: `Bearer ${opsToken}` },
  });
  if (!response.ok) throw new RangeError(`${url} answers ${response.status}`);
  return ((await response.json()) as { entries: number }).entries;
}
