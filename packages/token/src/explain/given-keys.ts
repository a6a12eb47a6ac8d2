import type { JsonValue } from '@sallyport/core';
import { FetchProblem } from '../keys/fetch-document.ts';
import { keySetMembers, readKeySet } from '../keys/key-set.ts';
import type { KeySourceOptions } from '../keys/key-source.ts';

/** Keys that were given. Throws `TypeError` when they are none. */
export function givenKeys(document: JsonValue): KeySourceOptions['fetcher'] {
  const members = keySetMembers(document, 100);
  if (typeof members === 'string') throw new TypeError(members);
  const set = readKeySet(members);
  return {
    fetch: () =>
      set.keys.length === 0
        ? Promise.reject(new FetchProblem('the JWK Set has no usable key'))
        : Promise.resolve({ set, maxAgeSeconds: undefined }),
  };
}
