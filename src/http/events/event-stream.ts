/**
 * One listener: a response that is written to for as long as it is read. It walks through the journal, and stands
 * still while its socket takes no more. It is cut when the journal has passed it by, or when its socket has taken
 * nothing from one beat to the next: nothing is kept for it (EVT3).
 */
import type { ServerResponse } from "node:http";
import type { DocumentId } from "../../../crdt/ids.ts";
import type { Origin } from "../../../crdt/position.ts";
import type { VersionVector } from "../../../crdt/version-vector.ts";
import type { CommittedChange } from "../../registry/committed-changes.ts";
import { conflictAnswer } from "../conflict-answer.ts";
import type { MemberEvent } from "../contract/event.ts";
import { changeEvent } from "./change-event.ts";
import { allTold, complete, formatEventId, type Told, tell, tellAll, wasTold } from "./event-id.ts";
import type { EventJournal, JournalEvent } from "./event-journal.ts";

/** Who listens: operators to everything, a player to what is its own, under any of its ids (CLM4). */
export type Audience =
  | { readonly kind: "ops" }
  | { readonly kind: "player"; readonly id: DocumentId; readonly personIds: Set<DocumentId> };

export interface EventStreamOptions {
  readonly response: ServerResponse;
  readonly audience: Audience;
  readonly journal: EventJournal;
  /** What the listener was told by an earlier stream; undefined: it listens from now on. */
  readonly told: Told | undefined;
  readonly held: () => VersionVector;
  readonly serverOf: (origin: Origin) => string | undefined;
  /** It is over, whoever ended it. */
  readonly onEnd: () => void;
}

/** Written at once: what a socket takes without waiting. */
const PIECE_LENGTH = 16_384;
/** An id with each event is worth its bytes in a cluster of this size; in a larger one each piece has one. */
const ORIGINS_EACH_MAX = 64;

export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #told: Told;
  /** What it was told before this stream, or was there already. */
  readonly #before: ReadonlyMap<string, number>;
  /** Not all that was missed is here. */
  readonly #hasGap: boolean;
  #place: number;
  #piece = "";
  #isBlocked = false;
  #wasBlocked = false;
  #isOver = false;

  constructor(options: EventStreamOptions) {
    const { response, journal, told, held } = options;
    this.#options = options;
    response.on("close", () => this.#over());
    response.on("drain", () => this.#unblock());
    if (told) complete(told, journal.floor);
    const goesOn = told !== undefined && allTold(told, journal.floor);
    this.#told = told ?? new Map();
    this.#place = goesOn ? journal.first : journal.next;
    this.#hasGap = told !== undefined && !goesOn;
    if (!goesOn) tellAll(this.#told, held());
    this.#before = new Map(this.#told);
  }

  /** @param members How all are doing now. */
  begin(members: readonly MemberEvent[]): void {
    this.#put(": welcome\n");
    this.#put(`id: ${formatEventId(this.#told)}\n\n`);
    if (this.#hasGap) this.#event("reset", {});
    if (this.audience.kind === "ops") for (const member of members) this.#event("member", member);
    this.#flush();
    this.advance();
  }

  get audience(): Audience {
    return this.#options.audience;
  }

  /** Writes what is new in the journal, as far as the socket takes it. */
  advance(): void {
    const { journal } = this.#options;
    while (!this.#isBlocked && !this.#isOver && this.#place < journal.next) {
      const event = journal.at(this.#place);
      if (!event) {
        this.cut();
        return;
      }
      this.#place++;
      const isLast = this.#place === journal.next;
      this.#tell(event, isLast);
      if (isLast || this.#piece.length >= PIECE_LENGTH) this.#flush();
    }
  }

  /** To be called every 15 s: shows that the connection lives, and where the stream stands. */
  beat(): void {
    if (this.#isBlocked) {
      if (this.#wasBlocked) this.cut();
      this.#wasBlocked = true;
      return;
    }
    const { journal, held } = this.#options;
    if (this.#place === journal.next) tellAll(this.#told, held());
    this.#put(`: alive\nid: ${formatEventId(this.#told)}\n\n`);
    this.#flush();
  }

  /** The listener may come again, here or elsewhere. */
  end(): void {
    this.#options.response.end();
    this.#over();
  }

  cut(): void {
    this.#options.response.destroy();
    this.#over();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onEnd();
  }

  #unblock(): void {
    this.#isBlocked = false;
    this.#wasBlocked = false;
    this.advance();
  }

  #tell(event: JournalEvent, isLast: boolean): void {
    const { audience, serverOf, held } = this.#options;
    const isForOps = audience.kind === "ops";
    const wasHeard = event.type === "change" && wasTold(this.#told, event.change.position);
    if (event.type === "conflict" && isForOps && !allTold(this.#before, event.held)) {
      this.#event("conflict", conflictAnswer(event.conflict, serverOf));
    }
    if (event.type === "change") tell(this.#told, event.change.position);
    // Also of what changed no document: all that is held was told.
    if (isLast) tellAll(this.#told, held());
    if (event.type === "change" && !wasHeard && (isForOps || isOwn(audience, event.change))) {
      this.#event("change", changeEvent(event.change, serverOf));
    }
    if (event.type === "member" && isForOps) this.#event("member", event.member);
    if (event.type === "reset" && !allTold(this.#before, event.held)) this.#event("reset", {});
  }

  #event(type: string, data: object): void {
    const id = this.#told.size <= ORIGINS_EACH_MAX ? `id: ${formatEventId(this.#told)}\n` : "";
    this.#put(`${id}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #put(text: string): void {
    this.#piece += text;
  }

  #flush(): void {
    if (this.#piece === "" || this.#isOver) return;
    const id = this.#told.size > ORIGINS_EACH_MAX ? `id: ${formatEventId(this.#told)}\n\n` : "";
    this.#isBlocked = !this.#options.response.write(this.#piece + id);
    this.#piece = "";
  }
}

/** It learns of merges as they come: from then on the other's changes are its own, too. */
function isOwn(audience: Audience & { kind: "player" }, { kind, playerIds }: CommittedChange): boolean {
  if (!playerIds.some((id) => audience.personIds.has(id))) return false;
  if (kind === "player") for (const id of playerIds) audience.personIds.add(id);
  return true;
}
