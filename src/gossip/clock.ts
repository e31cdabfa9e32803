/** The port to time, so that the protocol runs the same on a virtual clock. */
export interface Clock {
  /** Milliseconds since 1970, as this machine believes. */
  wallMs(): number;
  /** Milliseconds that never go back, for time limits. */
  monotonicMs(): number;
  /** Calls again and again until the returned function is called. */
  every(ms: number, call: () => void): () => void;
  pause(ms: number): Promise<void>;
}
