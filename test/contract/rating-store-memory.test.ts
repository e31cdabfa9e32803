import { MemoryDisk } from "../../src/storage/memory/memory-disk.ts";
import { MemoryLogStore } from "../../src/storage/memory/memory-log-store.ts";
import { ratingStoreContract } from "./rating-store-contract.ts";

ratingStoreContract("memory", async () => ({
  store: new MemoryLogStore(new MemoryDisk(), { realm: "default" }),
  dispose: async () => undefined,
}));
