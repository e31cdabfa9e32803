/**
 * A document while a batch works on it, in the cheapest form that will do:
 *
 * - `absent`: no change of it is known;
 * - `single`: its first change and one more, kept as state; what a registration is, without a live document;
 * - `live`: an Automerge document, as soon as there is anything to merge.
 *
 * The form never shows in the results: `test/property/document-forms.test.ts` proves that.
 */
import { decodeChange, encodeOntoFirst, fitsOntoFirst, LiveDocument } from "../../crdt/automerge.ts";
import type { Actor, ChangeHash, ChangeHead, DecodedChange, EncodedChange } from "../../crdt/change.ts";
import type { DocumentState, Write } from "../../crdt/document.ts";
import { type FirstChange, isUntouched, stateOfWrites, stateOntoFirst } from "../../crdt/first-change.ts";
import type { DocumentId } from "../../crdt/ids.ts";

type Form =
  | { readonly name: "absent" }
  | { readonly name: "single"; readonly change: EncodedChange; readonly state: DocumentState }
  | { readonly name: "live"; readonly live: LiveDocument };

export class WorkingDocument {
  readonly id: DocumentId;
  readonly #first: FirstChange;
  readonly #actor: Actor;
  #form: Form;

  constructor(id: DocumentId, first: FirstChange, actor: Actor, live?: LiveDocument) {
    this.id = id;
    this.#first = first;
    this.#actor = actor;
    this.#form = live ? { name: "live", live } : { name: "absent" };
  }

  /** Undefined while no change could be applied. */
  state(): DocumentState | undefined {
    switch (this.#form.name) {
      case "absent":
        return undefined;
      case "single":
        return this.#form.state;
      case "live":
        return this.heads().length > 0 ? this.#form.live.state() : undefined;
    }
  }

  /** Sorted; empty while no change could be applied. */
  heads(): ChangeHash[] {
    switch (this.#form.name) {
      case "absent":
        return [];
      case "single":
        return [this.#form.change.hash];
      case "live": {
        const heads = this.#form.live.heads();
        return isUntouched(this.#first, heads) ? [] : heads;
      }
    }
  }

  /** Makes a change of this server's own. */
  edit(head: Omit<ChangeHead, "actor">, writes: readonly Write[]): EncodedChange {
    if (this.#form.name === "absent" && fitsOntoFirst(writes)) {
      const change = encodeOntoFirst(this.#first, { ...head, actor: this.#actor }, writes);
      this.#form = { name: "single", change, state: stateOfWrites(this.#first, this.#actor, writes) };
      return change;
    }
    return this.#enliven().edit(head, writes);
  }

  /** Takes a change from elsewhere. @throws UnacceptableChangeError; the document must then be abandoned. */
  receive(change: DecodedChange): void {
    const state = this.#form.name === "absent" ? stateOntoFirst(this.#first, change) : undefined;
    if (state) this.#form = { name: "single", change, state };
    else this.#enliven().apply([change.bytes]);
  }

  /** Whether a change took effect. */
  applied(hash: ChangeHash): boolean {
    switch (this.#form.name) {
      case "absent":
        return false;
      case "single":
        return this.#form.change.hash === hash;
      case "live":
        return this.#form.live.applied(hash);
    }
  }

  /** All changes that are here, but the first of the kind. */
  changes(): DecodedChange[] {
    return this.#enliven()
      .changes()
      .map(({ bytes, hash }) => decodeChange(bytes, hash))
      .filter(({ hash }) => hash !== this.#first.hash);
  }

  /** The live document, if it has become one, for the cache. */
  get live(): LiveDocument | undefined {
    return this.#form.name === "live" ? this.#form.live : undefined;
  }

  abandon(): void {
    this.live?.free();
    this.#form = { name: "absent" };
  }

  #enliven(): LiveDocument {
    if (this.#form.name === "live") return this.#form.live;
    const changes = this.#form.name === "single" ? [this.#form.change.bytes] : [];
    const live = LiveDocument.from(this.#first, this.#actor, changes);
    this.#form = { name: "live", live };
    return live;
  }
}
