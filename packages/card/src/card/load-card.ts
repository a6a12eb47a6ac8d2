import { SetupError } from '@sallyport/core';
import type { Card } from './card.ts';
import { inspectCard, type InspectCardOptions } from './inspect-card.ts';
import type { CardReport } from './inspect-document.ts';

export interface LoadCardOptions extends InspectCardOptions {}

/**
 * Reads a Server Card: from a file (`.json` is JSON, everything else YAML 1.2; at most 1 MiB; a relative path starts at the working
 * directory) or from an object, such as `defineCard` makes. Validates it against SEP-2127 v1 and its `_meta["dev.sallyport/access"]`
 * against the policy format, where unknown fields and repeated keys are errors, and refuses a card that would publish a credential.
 *
 * Throws `SetupError`: `ERR_CARD_UNREADABLE` or, with line, column and JSON pointer of the first mistake and the count of the others,
 * `ERR_CARD_INVALID`. `inspectCard` tells all of them.
 */
export async function loadCard(source: string | object, options: LoadCardOptions = {}): Promise<Card> {
  const report = await inspectCard(source, options);
  if (report.card === undefined) throw cardError(report);
  return report.card;
}

/** The first mistake of a card, on one line, and how to see the others. */
export function cardError({ file, mistakes, mistakeCount }: CardReport): SetupError {
  const [first] = mistakes;
  const others = mistakeCount - 1;
  const remedy = first?.remedy ?? 'correct it';
  const inFile = first?.position !== undefined && file !== undefined;
  const rest = `; and ${others} more ${others === 1 ? 'mistake' : 'mistakes'}${inFile ? ': run  sallyport card lint' : ''}`;
  return new SetupError({
    code: 'ERR_CARD_INVALID',
    ...(file !== undefined && { file }),
    ...(first?.position !== undefined && { position: first.position }),
    ...(first !== undefined && first.pointer !== '' && { field: first.pointer }),
    problem: first?.problem ?? 'the server card is not valid',
    remedy: others > 0 ? `${remedy}${rest}` : remedy,
  });
}
