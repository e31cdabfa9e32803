/**
 * What operators ask of a server, in the types of its contract.
 *
 * Nothing is tried again: who sits before a terminal sees at once what is the matter, and says what happens next.
 */
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { type AuditRecordAnswer, auditPage } from "../../http/contract/audit.ts";
import { type ClusterAnswer, cluster, type DigestAnswer, digest } from "../../http/contract/cluster.ts";
import { type ConflictAnswer, conflictPage } from "../../http/contract/conflict.ts";
import { readiness } from "../../http/contract/health.ts";
import {
  type DiffAnswer,
  type DocumentAnswer,
  diff,
  documentView,
  history,
  type RecordedChangeAnswer,
} from "../../http/contract/history.ts";
import { HISTORY_ITEMS_MAX, PAGE_ITEMS_MAX } from "../../http/contract/limits.ts";
import { type PlayerAnswer, player, playerPage } from "../../http/contract/player.ts";
import { type VerificationAnswer, verification } from "../../http/contract/verification.ts";
import { CommandError } from "../command-error.ts";
import { type Answer, type Call, reasonOf, ServerConnection } from "../server-connection.ts";

export interface OperatorApiOptions {
  readonly url: string;
  readonly token: string | undefined;
  /** Who asks, for the audit. */
  readonly operator?: string | undefined;
  readonly timeoutMs?: number;
}

/** How a server says that it is doing. */
export interface Condition {
  readonly state: "ready" | "degraded" | "not ready";
  /** What is amiss. */
  readonly reasons: readonly string[];
}

/** Of a list, from the newest on. */
export interface Items<Item> {
  readonly items: readonly Item[];
  /** Whether there are older ones. */
  readonly more: boolean;
}

export type Query = Readonly<Record<string, string | undefined>>;

/** The calls that are done in one moment may overlap. */
const CONNECTIONS_MAX = 4;
const WANTED = "the operators' token";

export class OperatorApi {
  readonly url: string;
  readonly #connection: ServerConnection;

  /** @throws CommandError when the URL is none */
  constructor({ url, token, operator, timeoutMs }: OperatorApiOptions) {
    this.url = url;
    this.#connection = new ServerConnection({
      ...{ url, token, wanted: WANTED, connectionsMax: CONNECTIONS_MAX, retriesMax: 0 },
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(operator !== undefined && { headers: { "rollcall-operator": operator } }),
      onRateLimit: () =>
        process.stderr.write(`${url} limits requests, unless by a token of 22 or more characters; waiting\n`),
    });
  }

  close(): void {
    this.#connection.close();
  }

  /** That a Rollcall server answers there. @throws CommandError */
  checkAccess(): Promise<void> {
    return this.#connection.checkAccess();
  }

  async condition(): Promise<Condition> {
    const answer = await this.#connection.once({ method: "GET", path: "/readyz" });
    const said = readiness.safeParse(answer.body);
    if (!said.success) return { state: "not ready", reasons: [reasonOf(answer)] };
    return { state: said.data.status, reasons: said.data.degraded };
  }

  cluster(): Promise<ClusterAnswer> {
    return this.#read("/v1/cluster", cluster);
  }

  digest(): Promise<DigestAnswer> {
    return this.#read("/v1/cluster/digest", digest);
  }

  conflicts(query: Query, count: number): Promise<Items<ConflictAnswer>> {
    return this.#list("/v1/conflicts", { query, count, page: conflictPage, pageMax: PAGE_ITEMS_MAX });
  }

  conflictsOf(documentId: string, query: Query, count: number): Promise<Items<ConflictAnswer>> {
    const path = `/v1/documents/${documentId}/conflicts`;
    return this.#list(path, { query, count, page: conflictPage, pageMax: PAGE_ITEMS_MAX });
  }

  history(documentId: string, count: number): Promise<Items<RecordedChangeAnswer>> {
    const path = `/v1/documents/${documentId}/history`;
    return this.#list(path, { query: {}, count, page: history, pageMax: HISTORY_ITEMS_MAX });
  }

  /** As it is, or as it was at these heads. */
  document(documentId: string, at?: readonly string[]): Promise<DocumentAnswer> {
    return this.#read(withQuery(`/v1/documents/${documentId}`, { at: at?.join(",") }), documentView);
  }

  diff(documentId: string, from: readonly string[], to: readonly string[]): Promise<DiffAnswer> {
    const query = { from: from.join(","), to: to.join(",") };
    return this.#read(withQuery(`/v1/documents/${documentId}/diff`, query), diff);
  }

  restore(
    documentId: string,
    body: {
      readonly path: string;
      readonly change: string;
      readonly takeFrom?: readonly string[] | undefined;
      readonly reason?: string | undefined;
    },
  ): Promise<PlayerAnswer> {
    return this.#write(`/v1/documents/${documentId}/restore`, body, player);
  }

  audit(query: Query, count: number): Promise<Items<AuditRecordAnswer>> {
    return this.#list("/v1/audit", { query, count, page: auditPage, pageMax: PAGE_ITEMS_MAX });
  }

  /** Gives the cluster without it. */
  forget(member: string, reason: string | undefined): Promise<ClusterAnswer> {
    return this.#write(`/v1/cluster/members/${encodeURIComponent(member)}/forget`, { reason }, cluster);
  }

  startVerification(): Promise<VerificationAnswer> {
    return this.#parsed({ method: "POST", path: "/v1/cluster/verify" }, verification);
  }

  /** The last that was started; undefined where there was none since the server began. */
  async verification(): Promise<VerificationAnswer | undefined> {
    const call: Call = { method: "GET", path: "/v1/cluster/verify" };
    const answer = await this.#connection.call(call);
    return answer.status === 404 ? undefined : this.#understood(call, answer, verification);
  }

  /** The ids of players of that name. */
  async playersCalled(username: string): Promise<string[]> {
    const { items } = await this.#read(withQuery("/v1/players", { username }), playerPage);
    return items.map(({ id }) => id);
  }

  async #read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    return this.#parsed({ method: "GET", path }, schema);
  }

  /** By a key of its own, so that a proxy that repeats it does nothing twice. */
  async #write<Schema extends z.ZodType>(
    path: string,
    body: object,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const headers = { "idempotency-key": randomUUID() };
    try {
      return await this.#parsed({ method: "POST", path, headers, body }, schema);
    } catch (error) {
      if (!(error instanceof CommandError) || error.code !== "unreachable") throw error;
      const doubt = `${error.message}; it may have been done all the same: look before you repeat it`;
      throw new CommandError("unreachable", doubt, { cause: error });
    }
  }

  async #list<Item>(
    path: string,
    list: {
      readonly query: Query;
      readonly count: number;
      readonly page: z.ZodType<{ items: Item[]; next: string | null }>;
      readonly pageMax: number;
    },
  ): Promise<Items<Item>> {
    const items: Item[] = [];
    let cursor: string | null | undefined;
    do {
      const limit = String(Math.min(list.count - items.length, list.pageMax));
      const page = await this.#read(withQuery(path, { ...list.query, limit, cursor }), list.page);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null && items.length < list.count);
    return { items, more: cursor !== null };
  }

  async #parsed<Schema extends z.ZodType>(call: Call, schema: Schema): Promise<z.output<Schema>> {
    return this.#understood(call, await this.#connection.call(call), schema);
  }

  #understood<Schema extends z.ZodType>(call: Call, answer: Answer, schema: Schema): z.output<Schema> {
    if (answer.status >= 400) throw new CommandError("refused", refusalOf(answer, this.url));
    const said = schema.safeParse(answer.body);
    if (said.success) return said.data;
    const what = `${call.method} ${call.path.split("?", 1)[0]}`;
    throw new CommandError("refused", `${this.url} answers ${what} otherwise than this rollcall expects`, {
      cause: said.error,
    });
  }
}

function refusalOf(answer: Answer, url: string): string {
  return `${url} refuses: ${reasonOf(answer)}`;
}

function withQuery(path: string, query: Readonly<Record<string, string | null | undefined>>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
