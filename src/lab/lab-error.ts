/** Why a run of the lab could not be judged, or ended without a verdict. */
export type LabErrorCode =
  /** The servers did not come to hold the same within the time. */
  | "not-converged"
  /** A server did not answer what it has to answer while nothing is broken. */
  | "no-answer"
  /** A call on which a scenario builds was refused or lost. */
  | "call-failed"
  | "unknown-scenario";

export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
