/**
 * The run as a list of steps, with a picture of servers and links under the one that is played.
 *
 * Which steps there are is known only as they begin, so each has a list of its own. One draws at a time: the next
 * begins when the last line of the one before is written.
 */
import { Listr, type ListrTaskWrapper } from "listr2";
import type { History } from "../../lab/history.ts";
import type { Step } from "../../lab/run.ts";
import type { World } from "../../lab/world/world.ts";
import { pictureOf } from "./picture.ts";
import { viewOf } from "./view.ts";
import type { Watch } from "./watch.ts";

const DRAW_EVERY_MS = 250;

interface DrawnStep {
  readonly drawn: Promise<void>;
  finish(): void;
  fail(): void;
}

export function liveWatch(): Watch {
  let current: DrawnStep | undefined;
  let step: Step = "starting databases, brokers and servers";
  let picture: (() => string) | undefined;
  return {
    step(next) {
      step = next;
      current?.finish();
      current = drawStep(step, current?.drawn ?? Promise.resolve(), () => picture?.());
    },
    begun(world: Pick<World, "servers">, history: History) {
      picture = () => pictureOf(viewOf(world, history, step));
    },
    async end(how) {
      if (how === "done") current?.finish();
      else current?.fail();
      await current?.drawn;
    },
  };
}

function drawStep(title: string, before: Promise<void>, picture: () => string | undefined): DrawnStep {
  let finish: () => void = () => undefined;
  let fail: () => void = () => undefined;
  const lasting = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = () => reject(new Error(title));
  });
  lasting.catch(() => undefined);
  const drawn = before.then(async () => {
    const list = new Listr([{ title, task: (_, task) => draw(task, lasting, picture) }], {
      registerSignalListeners: false,
      exitOnError: false,
      rendererOptions: { formatOutput: "truncate", showErrorMessage: false },
    });
    await list.run();
  });
  return { drawn, finish, fail };
}

async function draw(
  task: Pick<ListrTaskWrapper<unknown, never, never>, "output">,
  lasting: Promise<void>,
  picture: () => string | undefined,
): Promise<void> {
  const renew = (): void => {
    task.output = picture() ?? "";
  };
  const timer = setInterval(renew, DRAW_EVERY_MS);
  renew();
  try {
    await lasting;
  } finally {
    clearInterval(timer);
  }
}
