/** What the lab asks of servers beside the calls that are judged: where they stand, and what they show. */

import type { DigestAnswer } from "../../http/contract/cluster.ts";
import type { ConflictAnswer } from "../../http/contract/conflict.ts";
import { LabError } from "../lab-error.ts";

export interface Asked {
  readonly url: string;
  readonly token: string;
}

const PAGE = 100;
const ANSWER_WITHIN_MS = 10_000;
const NOT_FOUND = 404;

/** Undefined when no answer comes in time. */
export async function askDigest(
  asked: Asked,
  withinMs = ANSWER_WITHIN_MS,
): Promise<DigestAnswer | undefined> {
  try {
    return await get<DigestAnswer>(asked, "/v1/cluster/digest", withinMs);
  } catch {
    return undefined;
  }
}

/** All pages of a list. @throws LabError */
export async function askAll<T>(asked: Asked, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const separator = path.includes("?") ? "&" : "?";
    const page = await get<{ items: T[]; next: string | null }>(
      asked,
      `${path}${separator}limit=${PAGE}${from}`,
      ANSWER_WITHIN_MS,
    );
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

export function askConflicts(asked: Asked): Promise<ConflictAnswer[]> {
  return askAll<ConflictAnswer>(asked, "/v1/conflicts");
}

/** Undefined where there is none. @throws LabError */
export async function askRecord<T>(asked: Asked, path: string): Promise<T | undefined> {
  const response = await ask(asked, path, ANSWER_WITHIN_MS);
  return response.status === NOT_FOUND ? undefined : answerOf<T>(response);
}

async function get<T>(asked: Asked, path: string, withinMs: number): Promise<T> {
  return answerOf<T>(await ask(asked, path, withinMs));
}

function ask({ url, token }: Asked, path: string, withinMs: number): Promise<Response> {
  return fetch(url + path, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(withinMs),
  });
}

async function answerOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new LabError("no-answer", `${response.url} answers ${response.status}`);
  return (await response.json()) as T;
}
