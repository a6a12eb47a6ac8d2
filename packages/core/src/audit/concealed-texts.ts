import type { JsonValue } from '../call/json.ts';
import { isCredentialName } from './credential-name.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { isPairedSecret } from './paired-name.ts';
import { childPlace, maxDepth, maxPointerLength, rootPlace, type Place } from './place.ts';

/** Shorter texts stand in too many others. */
const minLength = 4;
/** A longer text is recognised by its beginning. */
const maxLength = 64;
const maxTexts = 64;
/** Values looked at. */
const maxValues = 16_384;

/** Only whether a place is secret counts, not how it is called in hashes. */
const noHash: KeyedHash = {
  keyId: '',
  hash: () => '',
  within: () => () => '',
  begin: () => ({ update: () => undefined, digest: () => '' }),
};

/**
 * The texts in arguments that are never recorded in clear, by pointer or by name, so that a result which repeats one of them can be
 * kept from being recorded in clear as well: those of at least 4 characters, numbers as they are written. At most 64, of 16,384 values;
 * beyond that the one text is the empty one, which every text holds, so that nothing of the result is in clear.
 */
export function concealedTexts(value: JsonValue, sensitive: readonly string[]): readonly string[] {
  const found = new Set<string>();
  let left = maxValues;
  let complete = true;
  const look = (current: unknown, place: Place, secret: boolean): void => {
    left -= 1;
    complete &&= left >= 0 && found.size <= maxTexts && place.depth <= maxDepth;
    if (!complete) return;
    if (typeof current === 'object' && current !== null) {
      for (const [key, child] of Object.entries(current)) {
        if (!complete) return;
        const name = key.length > maxPointerLength ? key.slice(0, maxPointerLength) : key;
        const named = !Array.isArray(current) && isCredentialName(key);
        const credential = named || isPairedSecret(current, key);
        const at = childPlace(place, { key: name, name, credential });
        look(child, at, secret || at.secret);
      }
      return;
    }
    if (!secret || (typeof current !== 'string' && typeof current !== 'number')) return;
    const text = String(current);
    if (text.length >= minLength) found.add(text.slice(0, maxLength));
  };
  try {
    const root = rootPlace({ hash: noHash, domain: [], sensitive });
    look(value, root, root.secret);
  } catch {
    // What can not be read was not recorded, and can not be repeated as it is.
  }
  return complete && found.size <= maxTexts ? [...found] : [''];
}
