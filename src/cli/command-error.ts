/** Why a command gives up, in words that say what to do. */
export type CommandErrorCode =
  | "bad-usage"
  | "bad-source"
  | "bad-target"
  | "refused"
  | "unreachable"
  | "no-verdict";

export class CommandError extends Error {
  readonly code: CommandErrorCode;

  constructor(code: CommandErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandError";
    this.code = code;
  }
}
