/** A Redis for one test file, in a folder that goes when it does. */
import {
  type LocalBroker,
  type LocalBrokerOptions,
  startLocalBroker,
} from "../../src/cli/demo/local-broker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface TestBroker {
  readonly broker: LocalBroker;
  /** Stops it, in whatever state it is, and removes its folder. */
  remove(): Promise<void>;
}

export async function startTestBroker(options: Omit<LocalBrokerOptions, "folder"> = {}): Promise<TestBroker> {
  const folder = await temporaryFolder("redis");
  try {
    const broker = await startLocalBroker({ ...options, folder: folder.path });
    const remove = async () => {
      try {
        await broker.stop();
      } finally {
        await folder.remove();
      }
    };
    return { broker, remove };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
