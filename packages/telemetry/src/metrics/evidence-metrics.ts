import type { Meter } from '@opentelemetry/api';
import { boundedValues } from './bounded-values.ts';
import type { EventHandlers } from './event-handlers.ts';
import { withMeter, type FindMeter } from './find-meter.ts';

/** A stream has an origin, its mirror another, and so do streams that a start finishes; more than these are one. */
const maxOrigins = 32;
/** Anchors are named in the configuration. */
const maxAnchors = 32;

/** What an anchor said last. */
interface Anchored {
  readonly ok: boolean;
  readonly lagMs: number;
  /** Monotonic milliseconds at which it said so. */
  readonly atMs: number;
}

/**
 * - `sallyport.audit.checkpoint.writable` (gauge, by `sallyport.audit.origin`): 1 while checkpoints of the log can be written, else 0.
 * - `sallyport.audit.anchored` (counter, by `sallyport.audit.anchor`, `sallyport.outcome`): attempts to bring a checkpoint to an anchor.
 * - `sallyport.audit.anchor.lag` (gauge, seconds, by `sallyport.audit.anchor`): for how long an anchor that fails has been behind, else 0.
 */
export function evidenceMetrics(find: FindMeter): EventHandlers {
  const originOf = boundedValues(maxOrigins);
  const anchorOf = boundedValues(maxAnchors);
  const writable = new Map<string, boolean>();
  const anchors = new Map<string, Anchored>();
  const instruments = withMeter(find, (meter) => {
    observe(meter, writable, anchors);
    return meter.createCounter('sallyport.audit.anchored', {
      description: 'Attempts to bring a checkpoint to an anchor.',
      unit: '{attempt}',
    });
  });
  return {
    'audit.checkpoint'({ origin, ok }) {
      writable.set(originOf(origin), ok);
      instruments();
    },
    'audit.anchored'({ anchor: name, ok, lagMs }) {
      const anchor = anchorOf(name);
      anchors.set(anchor, { ok, lagMs, atMs: performance.now() });
      instruments()?.add(1, { 'sallyport.audit.anchor': anchor, 'sallyport.outcome': ok ? 'ok' : 'error' });
    },
  };
}

function observe(meter: Meter, writable: ReadonlyMap<string, boolean>, anchors: ReadonlyMap<string, Anchored>): void {
  meter
    .createObservableGauge('sallyport.audit.checkpoint.writable', {
      description: 'Whether checkpoints of the audit log can be written.',
    })
    .addCallback((result) => {
      for (const [origin, ok] of writable) result.observe(ok ? 1 : 0, { 'sallyport.audit.origin': origin });
    });
  meter
    .createObservableGauge('sallyport.audit.anchor.lag', {
      description: 'For how long an anchor that fails has been behind.',
      unit: 's',
    })
    .addCallback((result) => {
      for (const [anchor, { ok, lagMs, atMs }] of anchors) {
        const seconds = ok ? 0 : (lagMs + performance.now() - atMs) / 1000;
        result.observe(seconds, { 'sallyport.audit.anchor': anchor });
      }
    });
}
