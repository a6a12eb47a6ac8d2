import type { LogEventCode } from '@sallyport/core';
import { toPointer } from '../card/card-problem.ts';
import type { Card } from '../card/card.ts';
import { findWarnings, type CardWarning } from './find-secrets.ts';

const events = {
  'inner-address': 'sallyport.card.inner_address',
  'credential-name': 'sallyport.card.credential_name',
} as const satisfies Readonly<Record<CardWarning['finding'], LogEventCode>>;

/** Something in a valid card that somebody should look at. */
export interface PublishedConcern {
  /** The operational log line that says it. */
  readonly event: 'sallyport.card.inner_address' | 'sallyport.card.credential_name';
  /** Where in the published card: a JSON pointer. */
  readonly pointer: string;
  readonly problem: string;
}

/** What a valid card publishes and probably should not: for the log at start. `inspectCard` has the same with positions. */
export function cardWarnings(card: Card): readonly PublishedConcern[] {
  return findWarnings(card).map(({ finding, path, problem }) => ({
    event: events[finding],
    pointer: toPointer(path),
    problem,
  }));
}
