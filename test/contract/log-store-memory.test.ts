import { MemoryDisk } from "../../src/storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../src/storage/memory/memory-log-store.ts";
import { logStoreContract } from "./log-store-contract.ts";

logStoreContract("memory", async () => {
  const disk = new MemoryDisk();
  return {
    store: (realm = "default") => new MemoryLogStore(disk, { realm }),
    dispose: async () => undefined,
  };
});
