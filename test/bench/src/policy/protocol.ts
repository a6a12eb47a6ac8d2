import type { PolicyCase } from './policy-case.ts';

/** One round of one case. */
export interface DecideOrder {
  readonly name: PolicyCase['name'];
  readonly durationMs: number;
}

/** One round of serving lists, bare and filtered in turn. */
export interface ListOrder {
  readonly lists: true;
  readonly durationMs: number;
}

export type ListResult = Readonly<Record<ListName, DecideResult>>;

/** `served`: as the SDK answers it. `filtered`: and what the caller may not see is taken out. */
export type ListName = 'served' | 'filtered';

export interface DecideResult {
  readonly calls: number;
  readonly cpuMicros: number;
  /** The first decision that was not the right one. */
  readonly wrong?: string;
}

/** What the process says once, when it can take orders. */
export interface DecidersReady {
  readonly type: 'ready';
}
