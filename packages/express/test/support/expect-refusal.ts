import { Refusal, type Reason } from '@sallyport/core';
import { expect } from 'vitest';

/** Runs what must be refused, at once or later, and checks why. */
export async function expectRefusal(run: () => unknown, reason: Reason): Promise<Refusal> {
  let caught: unknown;
  try {
    await run();
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(Refusal);
  const refusal = caught as Refusal;
  expect(refusal.reason).toBe(reason);
  return refusal;
}
