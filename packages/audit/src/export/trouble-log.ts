import type { AuditLogger } from '../log/audit-logger.ts';

const repeatMs = 300_000;

/** Says that something does not work when it begins, when it changes, every five minutes, and when it is over. */
export class TroubleLog {
  readonly #log: AuditLogger;
  readonly #facts: object;
  #said: string | undefined;
  #saidAtMs = 0;
  #times = 0;

  constructor(log: AuditLogger, facts: object) {
    this.#log = log;
    this.#facts = facts;
  }

  say(message: string, problem: string): void {
    this.#times += 1;
    const same = this.#said === `${message} ${problem}`;
    if (same && performance.now() - this.#saidAtMs < repeatMs) return;
    this.#said = `${message} ${problem}`;
    this.#saidAtMs = performance.now();
    this.#log.error({ ...this.#facts, problem, attempts: this.#times }, message);
  }

  over(): void {
    if (this.#said === undefined) return;
    this.#log.info({ ...this.#facts, attempts: this.#times }, 'the audit export goes on');
    this.#said = undefined;
    this.#times = 0;
  }
}
