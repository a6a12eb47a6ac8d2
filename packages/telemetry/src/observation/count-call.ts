import type { CallObservation, CallStart } from '@sallyport/core';
import type { Metrics } from '../metrics/create-metrics.ts';

/** Also counts the call when it is over. The same observation when nobody counts. */
export function countCall(metrics: readonly Metrics[], start: CallStart, seen: CallObservation): CallObservation {
  if (!metrics.some(isEnabled)) return seen;
  let open = true;
  return {
    ...seen,
    end(end) {
      if (!open) return;
      open = false;
      seen.end(end);
      try {
        for (const each of metrics) each.ended(start, end);
      } catch {
        // The call is over; a count is lost.
      }
    },
  };
}

function isEnabled(metrics: Metrics): boolean {
  try {
    return metrics.enabled();
  } catch {
    return false;
  }
}
