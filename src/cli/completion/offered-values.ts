/** Values that a shell offers for an option, where `--help` would not list them and any other is refused later. */
import type { Option } from "commander";

/** Asked for by the script of a shell alone: what it takes to know them is not loaded before. */
type Offer = () => Promise<readonly string[]>;

const offers = new WeakMap<Option, Offer>();

export function offering(option: Option, offer: Offer): Option {
  offers.set(option, offer);
  return option;
}

export async function offeredValues(option: Option): Promise<readonly string[]> {
  return option.argChoices ?? (await offers.get(option)?.()) ?? [];
}
