import { expect } from 'vitest';
import { Refusal } from '../../src/errors/refusal.ts';

/** The refusal a function throws; fails the test when it throws none. */
export function refusalOf(run: () => unknown): Refusal {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return error as Refusal;
  }
  throw new Error('nothing was refused');
}
