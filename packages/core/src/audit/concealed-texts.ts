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
const maxValues = 4_096;

/** Only whether a place is secret counts, not how it is called in hashes. */
const noHash: KeyedHash = {
  keyId: '',
  hash: () => '',
  within: () => () => '',
  begin: () => ({ update: () => undefined, digest: () => '' }),
};

/**
 * The texts in arguments that are never recorded in clear, by pointer or by name, so that a result which repeats one of them can be
 * kept from being recorded in clear as well. At most 64, of the first 4,096 values.
 */
export function concealedTexts(value: JsonValue, sensitive: readonly string[]): readonly string[] {
  const found = new Set<string>();
  let left = maxValues;
  const look = (current: unknown, place: Place, secret: boolean): void => {
    left -= 1;
    if (left < 0 || found.size >= maxTexts || place.depth > maxDepth) return;
    if (typeof current === 'object' && current !== null) {
      for (const [key, child] of Object.entries(current)) {
        if (left < 0) return;
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
  return [...found];
}
