/** Somebody who is shown a run while it lasts: a picture in a terminal, or lines wherever they go. */
import type { History } from "../../lab/history.ts";
import type { Step } from "../../lab/run.ts";
import type { World } from "../../lab/world/world.ts";
import { News } from "./news.ts";

export interface Watch {
  step(step: Step): void;
  /** From now on there is something to look at. */
  begun(world: Pick<World, "servers">, history: History): void;
  /** Resolves when nothing more is written; more than once, if need be. */
  end(how: "done" | "failed"): Promise<void>;
}

const LOOK_EVERY_MS = 100;

/** `write` takes a line. */
export function plainWatch(write: (line: string) => void): Watch {
  let news: News | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    for (const line of news?.take() ?? []) write(`  ${line}`);
  };
  return {
    step(step) {
      tell();
      write(`  ${step}`);
    },
    begun(_world, history) {
      news = new News(history);
      timer = setInterval(tell, LOOK_EVERY_MS);
    },
    async end() {
      clearInterval(timer);
      tell();
    },
  };
}
