import type { Interruption } from './interruption.ts';

/** Where a command writes. `process.stdout` and `process.stderr` are such streams. */
export interface CommandStream {
  /** False: wait for `drain` before more is written. */
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything a command knows of the process around it. */
export interface CommandIo {
  readonly stdout: CommandStream;
  readonly stderr: CommandStream;
  /** Read only where a command is told to with `-`. Absent: it is empty. */
  readonly stdin?: NodeJS.ReadableStream | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends a command that would go on for ever, such as `audit tail --follow`. Absent: only the end of the process does. */
  readonly signal?: AbortSignal | undefined;
  /** Tells that the process must end, and lets records be written before. Absent: nothing does. */
  readonly interruption?: Interruption | undefined;
  /** Milliseconds since the epoch, for times such as `7d`. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back, for the progress of long work. Default `performance.now`. */
  readonly monotonicMs?: (() => number) | undefined;
}
