/** `error`: somebody must act now. `warn`: somebody should act soon. `info`: what the process went through. */
export type LogLevel = 'info' | 'warn' | 'error';

/** One row of the table of operational log lines. */
export interface LogEventInfo {
  readonly level: LogLevel;
  /** What happened. The same in every line with this code. */
  readonly message: string;
  /** Names of the fields a line may have besides `event`; nothing else of what is handed in is written. */
  readonly fields: readonly string[];
  /** What an operator should do, in one sentence. */
  readonly remedy: string;
}
