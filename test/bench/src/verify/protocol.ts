/** One verification of the whole log. */
export interface VerifyOrder {
  readonly type: 'verify';
}

export interface VerifyResult {
  readonly records: number;
  readonly bytes: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** What was wrong with the log, which nothing is. */
  readonly wrong?: string;
}

/** What the process says once, when the log is written. */
export interface VerifyReady {
  readonly type: 'ready';
}
