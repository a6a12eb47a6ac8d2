/**
 * What is measured, each in a log of its own.
 *
 * - `bare`: a write of one record and `fdatasync`, one after the other.
 * - `pino`: pino with `fsync: true`, which is one line and one sync after the other.
 * - `alone`: one caller.
 * - `callers-64`, `callers-256`: so many callers, each with a decision and an outcome in turn.
 * - `calls`: 64 callers whose calls have eight leaves; for the processor time of a call.
 * - `harness`: the same callers with nothing behind them, whose time is not that of the log.
 * - `turns`: 64 callers, and how long the turns of the event loop are meanwhile.
 */
export const subjectNames = [
  'bare',
  'alone',
  'pino',
  'callers-64',
  'callers-256',
  'calls',
  'harness',
  'turns',
] as const;

export type AppendSubject = (typeof subjectNames)[number];

export interface AppendOrder {
  readonly subject: AppendSubject;
  readonly durationMs: number;
}

export interface AppendResult {
  /** Records that became durable while it was measured. */
  readonly records: number;
  readonly elapsedMs: number;
  readonly cpuMicros: number;
  /** Of one append; of `turns` of one turn of the event loop. */
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly p999Micros: number;
  /** What the log lacks afterwards. */
  readonly wrong?: string;
}

/** What the process says once, when it can take orders. */
export interface AppendsReady {
  readonly type: 'ready';
}
