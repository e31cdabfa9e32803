/** Filters of a list: they stand in the address, so that it can be shared. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { localInputText } from "./words.ts";

/** What is typed counts once nothing more is for so long. */
const TYPED_MS = 250;

export type Filters = Readonly<Record<string, string>>;

/** The filters of these names as they stand in the address, empty where not given; and how to set one. */
export function useFilters(names: readonly string[]): [Filters, (name: string, value: string) => void] {
  const [params, setParams] = useSearchParams();
  const filters = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ""]));
  const set = (name: string, value: string): void => {
    setParams(
      (current) => {
        const next = new URLSearchParams(current);
        if (value === "") next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  };
  return [filters, set];
}

/** Filters of a list; a narrow screen shows them once they are asked for, and until then how many are set. */
export function FoldedFilters({
  values,
  children,
}: {
  readonly values: readonly string[];
  readonly children: ReactNode;
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const count = values.filter((value) => value !== "").length;
  return (
    <search className={isOpen ? "filters" : "filters is-folded"}>
      <button type="button" className="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filters{count > 0 && ` (${count} set)`}
      </button>
      {children}
    </search>
  );
}

export interface FilterProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Counts as one types; follows the address, where that was changed otherwise. */
export function TextFilter({ label, value, onChange }: FilterProps): ReactNode {
  const [typed, setTyped] = useState(value);
  const said = useRef(value);
  useEffect(() => {
    if (value === said.current) return;
    said.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === said.current) return;
    const timer = setTimeout(() => {
      said.current = typed;
      onChange(typed);
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return (
    <label>
      {label}
      <input type="search" value={typed} onChange={(event) => setTyped(event.target.value)} />
    </label>
  );
}

/** A moment: in the address of one time zone, on the page in the reader's. */
export function MomentFilter({ label, value, onChange }: FilterProps): ReactNode {
  const local = value === "" ? "" : localInputText(new Date(value));
  return (
    <label className="wide">
      {label}
      <input
        type="datetime-local"
        value={local}
        onChange={({ target }) => onChange(target.value === "" ? "" : new Date(target.value).toISOString())}
      />
    </label>
  );
}

/** A value, by itself or with the name that it is chosen by. */
type Choice = string | readonly [value: string, name: string];

export function ChoiceFilter({
  label,
  value,
  onChange,
  choices,
  isWide = false,
}: FilterProps & { readonly choices: readonly Choice[]; readonly isWide?: boolean }): ReactNode {
  const named = choices.map((choice) => (typeof choice === "string" ? ([choice, choice] as const) : choice));
  // What an address asks for is shown, also where there is no such choice, or not yet.
  const isStranger = value !== "" && !named.some(([of]) => of === value);
  return (
    <label className={isWide ? "wide" : undefined}>
      {label}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">any</option>
        {named.map(([of, name]) => (
          <option key={of} value={of}>
            {name}
          </option>
        ))}
        {isStranger && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}
