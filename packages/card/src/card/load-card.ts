import { isAbsolute, resolve } from 'node:path';
import { isJsonObject, SetupError } from '@sallyport/core';
import { policyHash } from '../access/policy-hash.ts';
import { readAccess } from '../access/read-access.ts';
import { CardProblem, show, toPointer } from './card-problem.ts';
import type { Card } from './card.ts';
import { copyJson } from './copy-json.ts';
import { readCardFile } from './read-card-file.ts';
import { validateIdentity } from './validate-identity.ts';

export interface LoadCardOptions {
  /** For a card given as an object: the file it stands in, for messages. */
  readonly file?: string;
  /** For a card given as an object: the JSON pointer to it within that file, for messages. Default none. */
  readonly pointer?: string;
}

/**
 * Reads a Server Card: from a file (`.json` is JSON, everything else YAML 1.2; at most 1 MiB; a relative path starts at the working
 * directory) or from an object. Validates it against SEP-2127 v1 and its `_meta["dev.sallyport/access"]` against the policy format,
 * where unknown fields and duplicate keys are errors. It does not type-check or evaluate conditions (`when`).
 *
 * Throws `SetupError`: `ERR_CARD_UNREADABLE` or, with the JSON pointer of the first mistake, `ERR_CARD_INVALID`.
 */
export async function loadCard(source: string | object, options: LoadCardOptions = {}): Promise<Card> {
  const file = typeof source === 'string' ? absolute(source) : undefined;
  try {
    const value = typeof source === 'string' ? await readCardFile(absolute(source)) : source;
    return Object.freeze({ ...readCard(value), ...(file !== undefined && { file }) });
  } catch (error) {
    if (!(error instanceof CardProblem)) throw error;
    // The pointer leads to the card within the file it stands in; a card in a file of its own begins at the root.
    throw file === undefined ? setupError(error, options.file, options.pointer ?? '') : setupError(error, file, '');
  }
}

function readCard(value: unknown): Card {
  const document = copyJson(value);
  if (!isJsonObject(document))
    throw new CardProblem([], `is not an object but ${show(document)}`, 'write the card as one object');
  const identity = validateIdentity(document);
  const access = Object.freeze(readAccess(document));
  return { ...identity, policy: policyHash(access), access, document };
}

function setupError({ path, problem, remedy }: CardProblem, file: string | undefined, base: string): SetupError {
  const pointer = `${base}${toPointer(path)}`;
  return new SetupError({
    code: 'ERR_CARD_INVALID',
    ...(file !== undefined && { file }),
    ...(pointer !== '' && { field: pointer }),
    problem: path.length === 0 ? `the server card ${problem}` : problem,
    remedy,
  });
}

function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(path);
}
