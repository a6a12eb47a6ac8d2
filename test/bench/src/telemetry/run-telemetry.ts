import { startChild, type Child } from '../processes/start-child.ts';
import type { ObserveOrder, ObserveResult, ObserverReady } from './protocol.ts';
import { telemetryCases, type TelemetryCase } from './telemetry-case.ts';

/** What observing a call costs in all rounds of a case, or why it does not count. */
export interface TelemetryMeasurement {
  readonly case: TelemetryCase['name'];
  readonly rounds: readonly { readonly calls: number; readonly cpuMicrosPerCall: number }[];
  readonly void?: string;
}

export interface RunTelemetryOptions {
  readonly rounds: number;
  readonly roundMs: number;
  /** What starts a program on the core of the server. */
  readonly pinning: readonly string[];
  /** Told what happens, for people who wait. */
  say(text: string): void;
}

/** What it costs to observe a call, without a server around it. A first round does not count. */
export async function runTelemetry(options: RunTelemetryOptions): Promise<readonly TelemetryMeasurement[]> {
  const { rounds, roundMs, say } = options;
  const children = new Map<TelemetryCase['name'], Child>();
  const measured = new Map(telemetryCases.map(({ name }) => [name, [] as TelemetryMeasurement['rounds'][number][]]));
  const wrong = new Map<TelemetryCase['name'], string>();
  try {
    for (const { name } of telemetryCases) {
      const child = startChild('../telemetry/main.js', [name], options.pinning, ['--expose-gc']);
      children.set(name, child);
      await child.next<ObserverReady>();
    }
    for (let number = 0; number <= rounds; number += 1) {
      say(number === 0 ? 'telemetry: warming up' : `telemetry: round ${number} of ${rounds}`);
      for (const [name, child] of children) {
        const order: ObserveOrder = { durationMs: roundMs };
        const result = await child.ask<ObserveResult>(order);
        if (result.wrong !== undefined) wrong.set(name, result.wrong);
        const { calls, cpuMicros } = result;
        if (number > 0) measured.get(name)?.push({ calls, cpuMicrosPerCall: cpuMicros / calls });
      }
    }
  } finally {
    for (const child of children.values()) await child.stop();
  }
  return telemetryCases.map(({ name }) => {
    const reason = wrong.get(name);
    return { case: name, rounds: measured.get(name) ?? [], ...(reason !== undefined && { void: reason }) };
  });
}
