/**
 * Who uses this tab: the operators' token and a name, kept until the tab is closed and for it alone. Whatever shows
 * them listens for changes.
 */
import { useSyncExternalStore } from "react";

export interface Session {
  readonly token: string;
  /** As the operator gave it; empty where it did not. Sent with every write, for the audit trail. */
  readonly operator: string;
}

const KEY = "rollcall-session";
const listeners = new Set<() => void>();
let current: Session | null = read();
let refusal = "";

export function signIn(session: Session): void {
  sessionStorage.setItem(KEY, JSON.stringify(session));
  change(session, "");
}

/** @param why What a person is told who is signed out by the server. */
export function signOut(why = ""): void {
  sessionStorage.removeItem(KEY);
  change(null, why);
}

export function sessionNow(): Session | null {
  return current;
}

export function useSession(): Session | null {
  return useSyncExternalStore(listen, sessionNow);
}

/** Why the last session ended; empty when nobody was signed out. */
export function useRefusal(): string {
  return useSyncExternalStore(listen, () => refusal);
}

function change(session: Session | null, why: string): void {
  current = session;
  refusal = why;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Session | null {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return null;
  const { token, operator } = JSON.parse(text) as Partial<Session>;
  return typeof token === "string" ? { token, operator: operator ?? "" } : null;
}
