import type { Attributes, Counter, Histogram, Meter } from '@opentelemetry/api';
import { boundedValues } from './bounded-values.ts';
import type { EventHandlers } from './event-handlers.ts';
import { withMeter, type FindMeter } from './find-meter.ts';

/** How far behind a receiver was when it was last said. */
interface Lag {
  readonly records: number;
  readonly oldestMs?: number;
}

interface AuditInstruments {
  readonly records: Counter;
  readonly gaps: Counter;
  readonly sync: Histogram;
  readonly exported: Counter;
  readonly retries: Counter;
  readonly deadLetters: Counter;
  /** The exports whose counters stand at 0 at least. */
  readonly announced: Set<string>;
}

/** Exports are named in the configuration, so there are few; more than this are one. */
const maxExports = 32;

/**
 * The metrics of the audit log and of its exports:
 *
 * - `sallyport.audit.records` (counter): records that became durable.
 * - `sallyport.audit.sync.duration` (histogram, seconds): how long the disk took to confirm what was written.
 * - `sallyport.audit.gaps` (counter): records that were lost.
 * - `sallyport.audit.copy.writable` (gauge, by `sallyport.audit.copy`: `log` or `mirror`): 1 while that copy takes records, else 0.
 * - `sallyport.audit.exported`, `sallyport.audit.export.retries`, `sallyport.audit.dead_letters` (counters, by `sallyport.audit.export`):
 *   records that a receiver acknowledged, attempts that failed, records that were set aside.
 * - `sallyport.audit.export.lag` (gauge, by `sallyport.audit.export`): records that a receiver has not acknowledged yet.
 * - `sallyport.audit.export.delay` (gauge, seconds, by `sallyport.audit.export`): the age of the oldest of them.
 */
export function auditMetrics(find: FindMeter): EventHandlers {
  const lags = new Map<string, Lag>();
  const copies = new Map<string, boolean>();
  const instruments = withMeter(find, (meter) => createInstruments(meter, lags, copies));
  const nameOf = boundedValues(maxExports);
  /** The instruments, and the name; a series that begins with its first loss has no increase to be alerted on. */
  const of = (event: { readonly export: string }): readonly [AuditInstruments, Attributes] | undefined => {
    const made = instruments();
    if (made === undefined) return undefined;
    const name = nameOf(event.export);
    const attributes = { 'sallyport.audit.export': name };
    if (!made.announced.has(name)) {
      made.announced.add(name);
      for (const counter of [made.exported, made.retries, made.deadLetters]) counter.add(0, attributes);
    }
    return [made, attributes];
  };
  return {
    'audit.recorded': ({ records }) => instruments()?.records.add(records),
    'audit.synced': ({ durationMs }) => instruments()?.sync.record(durationMs / 1000),
    'audit.gap': ({ count }) => instruments()?.gaps.add(count),
    'audit.copy'({ copy, ok }) {
      copies.set(copy, ok);
      instruments();
    },
    'audit.exported'(event) {
      const [made, attributes] = of(event) ?? [];
      made?.exported.add(event.records, attributes);
    },
    'audit.export_retry'(event) {
      const [made, attributes] = of(event) ?? [];
      made?.retries.add(1, attributes);
    },
    'audit.dead_letter'(event) {
      const [made, attributes] = of(event) ?? [];
      made?.deadLetters.add(1, attributes);
    },
    'audit.export_lag'(event) {
      const { export: name, records, oldestMs } = event;
      lags.set(nameOf(name), { records, ...(oldestMs !== undefined && { oldestMs }) });
      of(event);
    },
  };
}

function createInstruments(
  meter: Meter,
  lags: ReadonlyMap<string, Lag>,
  copies: ReadonlyMap<string, boolean>,
): AuditInstruments {
  const writable = meter.createObservableGauge('sallyport.audit.copy.writable', {
    description: 'Whether a copy of the audit log takes records.',
  });
  writable.addCallback((result) => {
    for (const [copy, ok] of copies) result.observe(ok ? 1 : 0, { 'sallyport.audit.copy': copy });
  });
  const lag = meter.createObservableGauge('sallyport.audit.export.lag', {
    unit: '{record}',
    description: 'Records that a receiver has not acknowledged yet.',
  });
  const delay = meter.createObservableGauge('sallyport.audit.export.delay', {
    unit: 's',
    description: 'Age of the oldest record that a receiver has not acknowledged yet.',
  });
  meter.addBatchObservableCallback(
    (result) => {
      for (const [name, { records, oldestMs }] of lags) {
        const attributes = { 'sallyport.audit.export': name };
        result.observe(lag, records, attributes);
        result.observe(delay, oldestMs === undefined ? 0 : Math.max(0, Date.now() - oldestMs) / 1000, attributes);
      }
    },
    [lag, delay],
  );
  const counter = (name: string, unit: string, description: string): Counter =>
    meter.createCounter(`sallyport.audit.${name}`, { unit, description });
  const gaps = counter('gaps', '{record}', 'Records that were lost.');
  gaps.add(0);
  return {
    announced: new Set(),
    gaps,
    records: counter('records', '{record}', 'Records that became durable.'),
    exported: counter('exported', '{record}', 'Records that a receiver acknowledged.'),
    retries: counter('export.retries', '{attempt}', 'Attempts to send records that failed and are made again.'),
    deadLetters: counter(
      'dead_letters',
      '{record}',
      'Records that a receiver will never take and that were set aside.',
    ),
    sync: meter.createHistogram('sallyport.audit.sync.duration', {
      unit: 's',
      description: 'How long the disk took to confirm what was written to the log.',
      advice: {
        explicitBucketBoundaries: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      },
    }),
  };
}
