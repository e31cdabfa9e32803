/** Which player or match is meant: by its id, or a player by a username that one alone has. */
import { CommandError } from "../command-error.ts";
import type { OperatorApi } from "./operator-api.ts";

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws CommandError when it names none, or several */
export async function documentIdOf(text: string, api: Pick<OperatorApi, "playersCalled">): Promise<string> {
  const id = text.toLowerCase();
  if (ID.test(id)) return id;
  const ids = await api.playersCalled(text);
  const [only, ...others] = ids;
  if (only === undefined) {
    throw new CommandError("refused", `"${text}" is no id, and no player is called so`);
  }
  if (others.length > 0) {
    throw new CommandError(
      "refused",
      `several are called "${text}", so name one by its id: ${ids.join(", ")}`,
    );
  }
  return only;
}
