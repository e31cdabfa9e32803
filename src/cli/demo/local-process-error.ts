/** What can go wrong with the processes that run beside us on this machine: engines and, in the demo, servers. */

export type LocalProcessErrorCode =
  /** The program is not installed, not made for this platform, or cannot be executed by this user. */
  | "not-available"
  /** Another live process of ours runs on the same folder. */
  | "folder-in-use"
  /** The folder belongs to another user or does not hold what it should. */
  | "folder-unusable"
  | "port-in-use"
  /** It ended or stayed silent while it should have become ready; the message has the end of its log. */
  | "did-not-start"
  /** It outlived every signal it was sent. */
  | "did-not-stop"
  /** It was asked for something that only a running one can do. */
  | "not-running";

/** Worth another try as it is: the others need somebody to change something first. */
const RETRYABLE: ReadonlySet<LocalProcessErrorCode> = new Set(["port-in-use", "did-not-start"]);

export class LocalProcessError extends Error {
  override readonly name = "LocalProcessError";
  readonly code: LocalProcessErrorCode;
  readonly retryable: boolean;

  constructor(code: LocalProcessErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = RETRYABLE.has(code);
  }
}
