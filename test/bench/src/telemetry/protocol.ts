/** One round of observed calls. */
export interface ObserveOrder {
  readonly durationMs: number;
}

export interface ObserveResult {
  readonly calls: number;
  readonly cpuMicros: number;
  /** What the exporter should have got and did not. */
  readonly wrong?: string;
}

/** What the process says once, when it can take orders. */
export interface ObserverReady {
  readonly type: 'ready';
}
