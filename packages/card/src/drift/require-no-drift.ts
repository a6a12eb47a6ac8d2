import { SetupError } from '@sallyport/core';
import type { Card } from '../card/card.ts';
import { findDrift } from './find-drift.ts';
import type { RegisteredTargets } from './registered-targets.ts';

const shown = 5;

/** Throws `SetupError` with code `ERR_CARD_DRIFT`, on one line, when the card and the server differ. */
export function requireNoDrift(card: Card, registered: RegisteredTargets): void {
  const findings = findDrift(card, registered);
  if (findings.length === 0) return;
  const first = findings.slice(0, shown).map(({ message }) => message);
  if (findings.length > shown) first.push(`and ${findings.length - shown} more`);
  throw new SetupError({
    code: 'ERR_CARD_DRIFT',
    ...(card.file !== undefined && { file: card.file }),
    problem: `the card and the server differ: ${first.join('; ')}`,
    remedy: 'declare what the server registers and remove the rest, or set drift to "warn"',
  });
}
