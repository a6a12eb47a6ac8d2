import { toPointer } from '../card/card-problem.ts';
import type { Card } from '../card/card.ts';
import { findWarnings } from './find-secrets.ts';

/** What a valid card publishes and probably should not, one line each: for the log at start. `inspectCard` has the same with positions. */
export function cardWarnings(card: Card): readonly string[] {
  return findWarnings(card).map(({ path, problem, remedy }) => `the card, ${toPointer(path)}: ${problem}; ${remedy}`);
}
