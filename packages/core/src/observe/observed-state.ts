/** How a suite is at the moment of asking. Nothing is counted for it while nobody asks. */
export interface ObservedState {
  /** What `/readyz` says. */
  readonly ready: boolean;
  /** False in observe mode: what the policy denies runs. */
  readonly enforcing: boolean;
  /** Requests that have arrived and whose answers have not ended, streams among them. */
  readonly requestsInFlight: number;
  /** Of these the streams that end only when somebody ends them. */
  readonly openStreams: number;
  /** The issuers of the configuration. */
  readonly issuers: readonly ObservedIssuer[];
}

export interface ObservedIssuer {
  /** As configured. */
  readonly issuer: string;
  /** Its tokens can be checked now. */
  readonly ready: boolean;
  /** Whether keys of it are held that may be used. */
  readonly keys: boolean;
}
