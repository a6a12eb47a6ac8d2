import type { TelemetryMeasurement } from '../telemetry/run-telemetry.ts';
import { telemetryCases } from '../telemetry/telemetry-case.ts';
import { formatTable } from './format-table.ts';
import { median, spread } from './statistics.ts';

/** What observing a call costs, for people, with the limits beside the figures. */
export function formatTelemetry(measurements: readonly TelemetryMeasurement[]): string {
  const header = ['telemetry: CPU µs to observe a call', 'µs', '±', 'limit', ''];
  const lines = telemetryCases.map(({ name, what, limitMicros }) => {
    const found = measurements.find((measurement) => measurement.case === name);
    const limit = limitMicros === undefined ? '' : `${limitMicros} µs`;
    if (found === undefined || found.void !== undefined) return [what, 'void', '', limit, found?.void ?? ''];
    const times = found.rounds.map(({ cpuMicrosPerCall }) => cpuMicrosPerCall);
    const cost = median(times);
    const isOver = limitMicros !== undefined && cost > limitMicros;
    return [what, cost.toFixed(2), `${Math.round(spread(times) * 100)} %`, limit, isOver ? 'over' : ''];
  });
  return formatTable([header, ...lines], [1, 2, 3]);
}
