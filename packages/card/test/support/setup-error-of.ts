import { SetupError } from '@sallyport/core';
import { expect } from 'vitest';

/** The `SetupError` a promise rejects with; it must be one line. */
export async function setupErrorOf(promise: Promise<unknown>): Promise<SetupError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SetupError);
  if (!(error instanceof SetupError)) throw new Error('no SetupError');
  expect(error.message).not.toMatch(/[\n\r]/);
  return error;
}
