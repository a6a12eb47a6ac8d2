import { describe, expect, it } from 'vitest';
import { formatTelemetry } from '../../src/report/format-telemetry.ts';
import type { TelemetryMeasurement } from '../../src/telemetry/run-telemetry.ts';

function measured(name: TelemetryMeasurement['case'], ...micros: number[]): TelemetryMeasurement {
  return { case: name, rounds: micros.map((cpuMicrosPerCall) => ({ calls: 1_000, cpuMicrosPerCall })) };
}

describe('formatTelemetry', () => {
  it('prints the median beside its limit', () => {
    const text = formatTelemetry([measured('off', 0.4, 0.5, 0.6), measured('on', 16, 17, 18), measured('encoded', 30)]);
    expect(text).toMatch(/without OpenTelemetry +0\.50 .*1 µs/);
    expect(text).toMatch(/batching exporter +17\.00 .*25 µs/);
    expect(text).not.toContain('over');
  });

  it('says what is over its limit, and what counts for nothing', () => {
    const text = formatTelemetry([
      measured('off', 1.2),
      { case: 'on', rounds: [], void: '5 of 6 spans were exported' },
    ]);
    expect(text).toMatch(/1\.20 .*over/);
    expect(text).toContain('5 of 6 spans were exported');
  });
});
