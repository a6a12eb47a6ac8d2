import { type Clock, logEvent, type ObserverEvent, type OperationalLogger } from '@sallyport/core';
import { errorText } from '../log/error-code.ts';
import { backoffMs } from './backoff.ts';
import { keepDeadLetter } from './dead-letters.ts';
import { deliverBatch, type DeliveryHooks } from './deliver-batch.ts';
import type { ExportFiles } from './export-files.ts';
import type { ExportedRecord, ExportSink, SendResult } from './export-sink.ts';
import type { ExportState } from './export-state.ts';
import type { ExportTiming } from './export-timing.ts';
import type { Pause } from './pause.ts';
import type { StreamReader } from './stream-reader.ts';
import { TroubleLog } from './trouble-log.ts';

export interface StreamExporterOptions {
  readonly stream: string;
  /** Name of the export. */
  readonly name: string;
  readonly sink: ExportSink;
  readonly files: ExportFiles;
  readonly reader: StreamReader;
  readonly state: ExportState;
  readonly confirmed: () => number;
  readonly timing: ExportTiming;
  readonly pause: Pause;
  readonly clock: Clock;
  readonly log: OperationalLogger;
  /** Never throws. */
  readonly emit: (event: ObserverEvent) => void;
}

/** How far behind a receiver is. */
export interface ExportLag {
  readonly records: number;
  /** Milliseconds since the epoch at which the oldest record was written that is not acknowledged; absent when there is none. */
  readonly oldestMs?: number;
}

/** When so many records in a row were refused, each further one waits: it may be the receiver that is wrong. */
const patientDeadLetters = 16;
/** Attempts that are made for a batch once the process wants to end. */
const lastAttempts = 3;
const leastBytes = 16 * 1024;

/** Sends the records of one stream to one receiver, one batch at a time. */
export class StreamExporter {
  readonly #options: StreamExporterOptions;
  readonly #trouble: TroubleLog;
  #bytes: number;
  #attempts = 0;
  #hurriedAttempts = 0;
  #refusedInRow = 0;
  #oldestMs: number | undefined;

  constructor(options: StreamExporterOptions) {
    const { stream, name, log, timing } = options;
    this.#options = options;
    this.#bytes = timing.limits.bytes;
    this.#trouble = new TroubleLog(log, { stream, export: name });
  }

  lag(): ExportLag {
    const records = Math.max(0, this.#options.confirmed() - this.#options.state.seq);
    if (records === 0) return { records };
    return { records, oldestMs: this.#oldestMs ?? this.#options.clock.now() };
  }

  /**
   * Sends what there is until `signal` is aborted, or, when `follow` is false or there is a hurry, until nothing is left. Resolves to
   * true when everything that is confirmed was acknowledged. Rejects when another process exports the stream now.
   */
  async run(signal: AbortSignal, follow: () => boolean): Promise<boolean> {
    const { stream, sink, reader, state, timing, pause } = this.#options;
    try {
      while (!signal.aborted) {
        // Asked before the look at the log, which then sees everything that was there when it was said.
        const following = follow();
        const records = await this.#read(signal);
        const [first] = records;
        if (first === undefined) {
          await state.save(reader.segment);
          if (!following) return this.lag().records === 0;
          await pause.wait(timing.pollMs, signal);
          continue;
        }
        this.#oldestMs = Date.parse(first.record.at);
        if (!(await deliverBatch({ stream, records }, sink, this.#hooks(signal), signal))) return false;
        // Below the limit there was nothing more to send, so the next batch may gather.
        if (records.length < timing.limits.records / 2) await pause.wait(timing.pollMs, signal);
      }
      return false;
    } finally {
      await state.save(reader.segment).catch(() => undefined);
      await reader.close();
    }
  }

  async #read(signal: AbortSignal): Promise<readonly ExportedRecord[]> {
    const { reader, timing, pause } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await reader.next({ records: timing.limits.records, bytes: this.#bytes });
      } catch (error) {
        this.#trouble.say('sallyport.audit.export.log_unreadable', errorText(error));
        await pause.wait(backoffMs(attempt, timing.retry), signal);
        if (signal.aborted || pause.hurried) return [];
      }
    }
  }

  #hooks(signal: AbortSignal): DeliveryHooks {
    return {
      accepted: (records, warning) => this.#accepted(records, warning),
      poison: (record, problem) => this.#poison(record, problem, signal),
      tooLarge: (bytes) => {
        this.#bytes = Math.max(leastBytes, Math.floor(bytes / 2));
      },
      again: (result) => this.#again(result, signal),
    };
  }

  async #accepted(records: readonly ExportedRecord[], warning: string | undefined): Promise<void> {
    const { name, stream, log, emit, state, reader } = this.#options;
    this.#attempts = 0;
    this.#hurriedAttempts = 0;
    this.#refusedInRow = 0;
    this.#trouble.over();
    if (warning !== undefined)
      logEvent(log, 'sallyport.audit.export.receiver_warns', { stream, export: name, warning });
    emit({ type: 'audit.exported', export: name, records: records.length });
    await this.#advance(records, state, reader);
  }

  async #advance(records: readonly ExportedRecord[], state: ExportState, reader: StreamReader): Promise<void> {
    const last = records.at(-1);
    if (last === undefined) return;
    this.#oldestMs = Date.parse(last.record.at);
    await state.advance(last.seq + 1, reader.segment);
  }

  async #poison(item: ExportedRecord, problem: string, signal: AbortSignal): Promise<void> {
    const { name, stream, files, clock, log, emit, state, reader, timing, pause } = this.#options;
    this.#refusedInRow += 1;
    const facts = { stream, export: name, seq: item.seq, id: item.record.id, problem, file: files.deadLetters };
    if (this.#refusedInRow > patientDeadLetters) {
      logEvent(log, 'sallyport.audit.export.refuses_all', facts);
      await pause.wait(backoffMs(this.#refusedInRow - patientDeadLetters, timing.misconfigured), signal);
      if (signal.aborted || pause.hurried) throw new Error('the export ended before the record was set aside');
    }
    for (let attempt = 1; ; attempt++) {
      try {
        await keepDeadLetter(files.deadLetters, item, problem, clock);
        break;
      } catch (error) {
        this.#trouble.say('sallyport.audit.export.dead_letter_unwritable', errorText(error));
        await pause.wait(backoffMs(attempt, timing.retry), signal);
        if (signal.aborted || pause.hurried) throw error;
      }
    }
    logEvent(log, 'sallyport.audit.export.dead_letter', facts);
    emit({ type: 'audit.dead_letter', export: name });
    await this.#advance([item], state, reader);
  }

  async #again(
    result: SendResult & { readonly kind: 'retry' | 'misconfigured' },
    signal: AbortSignal,
  ): Promise<boolean> {
    const { name, emit, timing, pause } = this.#options;
    if (signal.aborted) return false;
    this.#attempts += 1;
    emit({ type: 'audit.export_retry', export: name });
    if (result.kind === 'misconfigured') {
      this.#trouble.say('sallyport.audit.export.misconfigured', result.problem);
      await pause.wait(backoffMs(this.#attempts, timing.misconfigured), signal);
      return !pause.hurried;
    }
    this.#trouble.say('sallyport.audit.export.receiver_unreachable', result.problem);
    await pause.wait(backoffMs(this.#attempts, timing.retry, result.retryAfterMs), signal);
    if (!pause.hurried) return !signal.aborted;
    if (result.retryAfterMs !== undefined) return false;
    this.#hurriedAttempts += 1;
    return this.#hurriedAttempts < lastAttempts;
  }
}
