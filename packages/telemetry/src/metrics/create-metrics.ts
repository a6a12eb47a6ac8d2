import type { Meter, MeterProvider } from '@opentelemetry/api';
import type { CallEnd, CallStart, ObserverEvent } from '@sallyport/core';
import type { Conventions } from '../conventions/conventions.ts';
import { auditMetrics } from './audit-metrics.ts';
import { decisionMetrics } from './decision-metrics.ts';
import { dispatcher } from './event-handlers.ts';
import { evidenceMetrics } from './evidence-metrics.ts';
import { findMeter } from './find-meter.ts';
import { operationMetrics } from './operation-metrics.ts';
import { stateMetrics, type ReadState } from './state-metrics.ts';
import { tokenMetrics } from './token-metrics.ts';

/** Every metric of one provider. */
export interface Metrics {
  /** Whether anything is kept of a call. */
  enabled(): boolean;
  /** A call is over. */
  ended(start: CallStart, end: CallEnd): void;
  /** Something happened. */
  emit(event: ObserverEvent): void;
  /** A suite can be asked how it is. */
  watch(read: ReadState): () => void;
}

/**
 * The metrics of one provider: the given one, or whatever the host has registered by the time of a call. As long as there is none,
 * nothing is made, and what happens costs a look-up. Never throws.
 */
export function createMetrics(scope: string, given: MeterProvider | undefined, conventions: Conventions): Metrics {
  const lookUp = findMeter(scope, given);
  // Looked up once for all that is done with an event or a call.
  let meter: Meter | undefined;
  const find = (): Meter | undefined => meter;
  const dispatch = dispatcher([decisionMetrics(find), tokenMetrics(find), auditMetrics(find), evidenceMetrics(find)]);
  const operations = operationMetrics(find, conventions);
  let watched: ReadState | undefined;
  const state = stateMetrics(find, () => watched);
  return {
    enabled() {
      try {
        meter = lookUp();
        return meter !== undefined;
      } catch {
        return false;
      }
    },
    ended(start, end) {
      try {
        meter = lookUp();
        operations.ended(start, end);
      } catch {
        // An SDK that can not count must not stop what is counted, nor another one that can; here and below.
      }
    },
    emit(event) {
      try {
        meter = lookUp();
        if (watched !== undefined) state.refresh();
        dispatch(event);
      } catch {
        // A count is lost.
      }
    },
    watch(read) {
      watched = read;
      try {
        meter = lookUp();
        state.refresh();
      } catch {
        // The next event tries again.
      }
      return () => {
        if (watched === read) watched = undefined;
      };
    },
  };
}
