import type { Decider } from './create-decider.ts';
import type { DecideResult } from './protocol.ts';

/** The clock is looked at once in so many decisions: a look takes about as long as one of them. */
const decisionsBetweenLooks = 256;

/** Decides until the time is over. Every effect is looked at; the first wrong one ends the run. */
export function runDecider(decider: Decider, effect: 'allow' | 'deny', durationMs: number): DecideResult {
  // Where Node allows it, so that nobody pays for the garbage of the case before.
  globalThis.gc?.();
  let calls = 0;
  let wrong: string | undefined;
  const before = process.cpuUsage();
  const end = performance.now() + durationMs;
  while (wrong === undefined && (calls % decisionsBetweenLooks !== 0 || performance.now() < end)) {
    if (decider.decide() !== effect) wrong = `wrong decision: not ${effect}`;
    calls += 1;
  }
  const { user, system } = process.cpuUsage(before);
  return { calls, cpuMicros: user + system, ...(wrong === undefined ? {} : { wrong }) };
}
