/**
 * Whether a caller has the account that it names: what it sends is turned into the identity that is stored, or
 * refused. A device's account is proved by its secret, one of an OIDC issuer by an ID token, any other by the word
 * of an API key: without that, anybody could take or occupy what belongs to somebody else.
 */
import type { Identity } from "../../../crdt/ids.ts";
import type { Caller } from "../access.ts";
import { DEVICE, OIDC } from "../contract/identity.ts";
import { SECRET_LENGTH_MIN, SUBJECT_LENGTH_MAX } from "../contract/limits.ts";
import type { InputFault } from "../contract/problem.ts";
import { ForbiddenError, InvalidRequestError, UnauthorizedError } from "../errors.ts";
import { deviceIdentity, isHashed } from "./device-secret.ts";
import type { IdTokens } from "./id-tokens.ts";

export interface IdentityProofOptions {
  readonly realm: string;
  /** Whether whoever calls without a token is trusted like a key. */
  readonly openWrites: boolean;
  readonly idTokens: Pick<IdTokens, "identityOf">;
}

/** Where in a request the subject stands. */
type Place = Pick<InputFault, "pointer" | "parameter">;

export const IN_BODY: Place = { pointer: "/identity/subject" };
export const IN_PATH: Place = { parameter: "subject" };

export class IdentityProof {
  readonly #options: IdentityProofOptions;

  constructor(options: IdentityProofOptions) {
    this.#options = options;
  }

  /** @throws InvalidRequestError, UnauthorizedError, ForbiddenError, IdentityRefusedError, IssuerKeysMissingError */
  async proved({ provider, subject }: Identity, caller: Caller, place: Place): Promise<Identity> {
    const { realm, idTokens } = this.#options;
    if (provider === OIDC) return idTokens.identityOf(subject);
    const refuse = (detail: string) => new InvalidRequestError([{ ...place, detail }]);
    if (subject.length > SUBJECT_LENGTH_MAX) throw refuse(`must have 1 to ${SUBJECT_LENGTH_MAX} characters`);
    if (provider !== DEVICE) {
      this.#requireVoucher(caller, provider);
      return { provider, subject };
    }
    if (isHashed(subject)) throw refuse("must be the device's secret, not its hash");
    if (subject.length < SECRET_LENGTH_MIN) {
      throw refuse(`must be a secret of at least ${SECRET_LENGTH_MIN} random characters (128 bits)`);
    }
    return deviceIdentity(realm, subject);
  }

  /** To give an account up, as it is shown or as it was linked: nothing has to be proved for that. */
  named({ provider, subject }: Identity): Identity {
    const isSecret = provider === DEVICE && !isHashed(subject);
    return isSecret ? deviceIdentity(this.#options.realm, subject) : { provider, subject };
  }

  #requireVoucher(caller: Caller, provider: string): void {
    switch (caller.kind) {
      case "key":
        return;
      case "open":
        if (this.#options.openWrites) return;
        throw new UnauthorizedError(
          `accounts of ${provider} are taken on the word of an API key: send one as \`Authorization: Bearer <key>\``,
          false,
        );
      case "player":
      case "ops":
        throw new ForbiddenError(`accounts of ${provider} are taken on the word of an API key alone`);
    }
  }
}
