import { parseStrictJson, Refusal, type JsonValue } from '@sallyport/core';
import { CardProblem, toPointer } from '../card/card-problem.ts';
import { copyJson } from '../card/copy-json.ts';
import { findDuplicateKeys } from '../card/find-duplicate-keys.ts';
import type { FetchFinding } from './fetched-card.ts';

/** Levels of nesting a fetched document may have. */
const jsonDepth = 32;

/** The JSON of a fetched document, deeply frozen and without prototypes, or what is wrong with it. */
export function parseDocument(bytes: Uint8Array): { readonly value: JsonValue } | { readonly finding: FetchFinding } {
  try {
    return { value: copyJson(parseStrictJson(bytes, { jsonDepth })) };
  } catch (error) {
    if (error instanceof CardProblem) return { finding: notJson(toPointer(error.path), error.problem) };
    if (!(error instanceof Refusal)) throw error;
    if (error.reason !== 'dup_keys') return { finding: notJson('', `is not strict JSON: ${detailOf(error)}`) };
    const [duplicate] = findDuplicateKeys(Buffer.from(bytes).toString('utf8'));
    const problem = 'is there twice in one object: readers disagree about which one counts';
    return { finding: notJson(toPointer(duplicate?.path ?? []), problem) };
  }
}

function notJson(pointer: string, problem: string): FetchFinding {
  return { finding: 'not-json', level: 'fail', pointer, problem };
}

function detailOf({ detail }: Refusal): string {
  return typeof detail === 'string' ? detail : 'it has too many values, or a number out of range';
}
