import { logEvent, type OperationalLogger } from '@sallyport/core';

const repeatMs = 300_000;

/** What keeps records from being sent, and is tried again. */
export type ExportTrouble =
  | 'sallyport.audit.export.receiver_unreachable'
  | 'sallyport.audit.export.misconfigured'
  | 'sallyport.audit.export.log_unreadable'
  | 'sallyport.audit.export.dead_letter_unwritable'
  | 'sallyport.audit.export.live_failed';

/** Says that something does not work when it begins, when it changes, every five minutes, and when it is over. */
export class TroubleLog {
  readonly #log: OperationalLogger;
  readonly #facts: { readonly stream: string; readonly export: string };
  #said: string | undefined;
  #saidAtMs = 0;
  #times = 0;

  constructor(log: OperationalLogger, facts: { readonly stream: string; readonly export: string }) {
    this.#log = log;
    this.#facts = facts;
  }

  say(event: ExportTrouble, problem: string): void {
    this.#times += 1;
    const same = this.#said === `${event} ${problem}`;
    if (same && performance.now() - this.#saidAtMs < repeatMs) return;
    this.#said = `${event} ${problem}`;
    this.#saidAtMs = performance.now();
    logEvent(this.#log, event, { ...this.#facts, problem, attempts: this.#times });
  }

  over(): void {
    if (this.#said === undefined) return;
    logEvent(this.#log, 'sallyport.audit.export.resumed', { ...this.#facts, attempts: this.#times });
    this.#said = undefined;
    this.#times = 0;
  }
}
