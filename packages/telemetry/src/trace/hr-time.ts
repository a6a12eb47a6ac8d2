import type { HrTime } from '@opentelemetry/api';

/**
 * Turns milliseconds since a moment into times, in the API's exact form: a bare number could be taken for a monotonic time, and an SDK
 * would read its own clock.
 *
 * @param epochMs the moment, in milliseconds since the epoch
 */
export function timesSince(epochMs: number): (ms: number) => HrTime {
  const baseSeconds = Math.floor(epochMs / 1000);
  const baseMs = epochMs - baseSeconds * 1000;
  return (ms) => {
    const nanos = Math.round((baseMs + ms) * 1_000_000);
    const seconds = Math.floor(nanos / 1_000_000_000);
    return [baseSeconds + seconds, nanos - seconds * 1_000_000_000];
  };
}
