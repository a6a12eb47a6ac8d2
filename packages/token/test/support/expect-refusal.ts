import { Refusal, type Reason } from '@sallyport/core';
import { expect } from 'vitest';

/** Runs something that must refuse, at once or later, and gives the refusal. Anything else thrown fails the test. */
export async function refusalOf(run: () => unknown): Promise<Refusal> {
  let outcome: unknown;
  try {
    outcome = await run();
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return error as Refusal;
  }
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`);
}

export async function expectRefusal(run: () => unknown, reason: Reason, httpStatus: number): Promise<Refusal> {
  const refusal = await refusalOf(run);
  expect({ reason: refusal.reason, status: refusal.status, detail: refusal.detail }).toMatchObject({
    reason,
    status: httpStatus,
  });
  return refusal;
}
