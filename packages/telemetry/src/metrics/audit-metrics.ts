import type { Attributes, Counter, Histogram, Meter, MeterProvider } from '@opentelemetry/api';
import type { EventHandlers } from './event-handlers.ts';
import { withMeter } from './find-meter.ts';

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
export function auditMetrics(scope: string, provider: MeterProvider | undefined): EventHandlers {
  const lags = new Map<string, Lag>();
  const copies = new Map<string, boolean>();
  const instruments = withMeter(scope, provider, (meter) => createInstruments(meter, lags, copies));
  const known = new Set<string>();
  const nameOf = (name: string): string => {
    if (known.size < maxExports) known.add(name);
    return known.has(name) ? name : '_OTHER';
  };
  const by = (name: string): Attributes => ({ 'sallyport.audit.export': nameOf(name) });
  return {
    'audit.recorded': ({ records }) => instruments().records.add(records),
    'audit.synced': ({ durationMs }) => instruments().sync.record(durationMs / 1000),
    'audit.gap': ({ count }) => instruments().gaps.add(count),
    'audit.copy'({ copy, ok }) {
      instruments();
      copies.set(copy, ok);
    },
    'audit.exported': (event) => instruments().exported.add(event.records, by(event.export)),
    'audit.export_retry': (event) => instruments().retries.add(1, by(event.export)),
    'audit.dead_letter': (event) => instruments().deadLetters.add(1, by(event.export)),
    'audit.export_lag'({ export: name, records, oldestMs }) {
      instruments();
      lags.set(nameOf(name), { records, ...(oldestMs !== undefined && { oldestMs }) });
    },
  };
}

function createInstruments(
  meter: Meter,
  lags: ReadonlyMap<string, Lag>,
  copies: ReadonlyMap<string, boolean>,
): AuditInstruments {
  const writable = meter.createObservableGauge('sallyport.audit.copy.writable', {
    unit: '1',
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
  return {
    records: counter('records', '{record}', 'Records that became durable.'),
    gaps: counter('gaps', '{record}', 'Records that were lost.'),
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
