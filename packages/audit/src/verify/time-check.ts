import type { Findings } from './findings.ts';
import type { ScannedRecord } from './scan-record.ts';

/** Wall clock and monotonic time may drift apart that far between two records before it is called a jump. */
const jumpMs = 1000;

/** Compares, within one start of a process, the clock on the wall with the clock that only runs forward. */
export class TimeCheck {
  readonly #stream: string;
  readonly #findings: Findings;
  #boot = '';
  #atMs = 0;
  #seconds = 0;
  #rest = 0;

  constructor(stream: string, findings: Findings) {
    this.#stream = stream;
    this.#findings = findings;
  }

  see(record: ScannedRecord, file: string, line: number): void {
    const { atMs, boot, monoSeconds, monoRest, seq } = record;
    if (Number.isNaN(atMs)) {
      this.#findings.add('time_malformed', this.#stream, {
        file,
        line,
        seq,
        problem: 'the time of the record is no time',
      });
      return;
    }
    if (boot === this.#boot) {
      const passedMs = (monoSeconds - this.#seconds) * 1000 + (monoRest - this.#rest) / 1e6;
      if (passedMs < 0) {
        const problem = `monotonic time goes back by ${duration(-passedMs)} within one start of the process`;
        this.#findings.add('clock_backwards', this.#stream, { file, line, seq, problem });
      } else {
        const jump = atMs - this.#atMs - passedMs;
        if (jump > jumpMs || jump < -jumpMs) this.#jumped(jump, record, file, line);
      }
    }
    this.#boot = boot;
    this.#atMs = atMs;
    this.#seconds = monoSeconds;
    this.#rest = monoRest;
  }

  #jumped(jump: number, { atMs, seq }: ScannedRecord, file: string, line: number): void {
    const way = jump > 0 ? 'forward' : 'back';
    const problem = `the clock jumped ${way} by ${duration(Math.abs(jump))} to ${new Date(atMs).toISOString()}`;
    this.#findings.add('clock_jump', this.#stream, { file, line, seq, problem });
  }
}

function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1e6)} ns`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
