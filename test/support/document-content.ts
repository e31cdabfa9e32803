/** What a state says, to be compared: of each register its key, its value, and who wrote it. */
import type { DocumentState, Registers, Scalar } from "../../crdt/document.ts";

type Content = readonly (readonly [map: string | null, key: string, value: Scalar, writer: string])[];

/** Sorted; undefined of nothing. To be taken before the document changes again. */
export function contentOf(state: DocumentState | undefined): Content | undefined {
  if (!state) return undefined;
  const { root, maps, writerOf } = state;
  const rows = (map: string | null, registers: Readonly<Registers>): Content =>
    Object.keys(registers)
      .sort()
      .map((key) => [map, key, registers[key] as Scalar, writerOf(map, key)]);
  const names = Object.keys(maps).sort();
  return [...rows(null, root), ...names.flatMap((name) => rows(name, maps[name] as Registers))];
}
