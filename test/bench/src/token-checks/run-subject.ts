import type { CheckResult } from './protocol.ts';
import type { Outcome, Subject } from './subject.ts';

/** The clock is looked at once in so many calls: a cached token takes hardly longer than a look. */
const callsBetweenLooks = 16;

/**
 * Lets a subject check tokens, one after another, until the time or what it prepared is used up. Every outcome is
 * looked at; the first wrong one ends the run.
 */
export async function runSubject(subject: Subject, durationMs: number): Promise<CheckResult> {
  const { maxCallsPerSecond = Infinity } = subject;
  const maxCalls = Math.ceil((maxCallsPerSecond * durationMs) / 1000);
  subject.prepare?.(maxCalls);
  // Where Node allows it, so that nobody pays for the garbage of the subject before.
  globalThis.gc?.();
  let calls = 0;
  const cpuBefore = process.cpuUsage();
  const end = performance.now() + durationMs;
  while (calls < maxCalls && (calls % callsBetweenLooks !== 0 || performance.now() < end)) {
    let value: unknown;
    let wasImmediate = true;
    try {
      value = subject.attempt();
      if (value instanceof Promise) {
        wasImmediate = false;
        value = await value;
      }
    } catch (error) {
      value = error;
    }
    calls += 1;
    if (!subject.isRight({ value, wasImmediate })) return { ...used(cpuBefore, calls), wrong: describe(value) };
  }
  return used(cpuBefore, calls);
}

function used(cpuBefore: NodeJS.CpuUsage, calls: number): CheckResult {
  const { user, system } = process.cpuUsage(cpuBefore);
  return { calls, cpuMicros: user + system };
}

function describe(value: Outcome['value']): string {
  if (!(value instanceof Error))
    return `wrong outcome: a token was accepted, or taken from another place than it should`;
  const { reason } = value as { reason?: unknown };
  return `wrong outcome: ${value.message}${typeof reason === 'string' ? ` (${reason})` : ''}`;
}
