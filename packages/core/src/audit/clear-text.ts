import { isCredentialName } from './credential-name.ts';
import { isEncoded } from './encoded-text.ts';
import { beginsAsJson, jsonValuesIn } from './json-in-text.ts';
import { isPairedSecret } from './paired-name.ts';
import { childPlace, rootPlaceOf, type Place } from './place.ts';
import { holdsCredential, lookAhead } from './recorded-text.ts';

/** Longest clear text in characters. */
export const maxTextLength = 1_024;
/** Longest text that is read as JSON to see whether something in it is secret. */
const maxJsonLength = 4_096;
/** JSON texts inside one another that are looked into. What lies deeper is hidden. */
const maxJsonDepth = 4;

/**
 * What a text is, where texts are recorded in clear.
 *
 * - `secret`: it looks like a credential, holds one of the `concealed` texts, or is the JSON text of something with a secret in it.
 * - `encoded`: bytes written as text, or JSON text that is too long to look into; nothing of it is recorded.
 * - `clear`: everything else.
 */
export function lookOf(
  text: string,
  place: Place,
  concealed: readonly string[],
  binary: boolean,
): 'secret' | 'encoded' | 'clear' {
  // No more than this can be recorded, or be cut in two where the recorded part ends.
  const seen = text.length > maxTextLength + lookAhead ? text.slice(0, maxTextLength + lookAhead) : text;
  if (holdsSecretText(seen, concealed)) return 'secret';
  if (binary || isEncoded(text)) return 'encoded';
  // What is cut from long JSON text may be the end of a secret.
  if (text.length > maxJsonLength) return beginsAsJson(text) ? 'encoded' : 'clear';
  return jsonHoldsSecret(text, { place, concealed, depth: 0 }) ? 'secret' : 'clear';
}

interface Look {
  readonly place: Place;
  readonly concealed: readonly string[];
  /** JSON texts around this one. */
  readonly depth: number;
}

/** Tools often answer with their structured content once more as text: the same names and pointers are secret there. */
function jsonHoldsSecret(text: string, look: Look): boolean {
  const values = jsonValuesIn(text);
  if (values === undefined || (values.length > 0 && look.depth >= maxJsonDepth)) return true;
  return values.some((value) => holdsSecret(value, { ...look, place: rootPlaceOf(look.place) }));
}

function holdsSecret(value: unknown, look: Look): boolean {
  const { place, concealed, depth } = look;
  if (place.secret) return true;
  if (typeof value === 'string') {
    return holdsSecretText(value, concealed) || jsonHoldsSecret(value, { ...look, depth: depth + 1 });
  }
  if (typeof value === 'number') return repeats(String(value), concealed);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, child]) => {
    if (repeats(key, concealed)) return true;
    const named = !Array.isArray(value) && isCredentialName(key);
    const credential = named || isPairedSecret(value, key);
    return holdsSecret(child, { ...look, place: childPlace(place, { key, name: key, credential }) });
  });
}

function holdsSecretText(text: string, concealed: readonly string[]): boolean {
  return holdsCredential(text, maxTextLength) || repeats(text, concealed);
}

/** Whether a text, the name of a member or a number as it is written holds one of the concealed texts. */
export function repeats(text: string, concealed: readonly string[]): boolean {
  return concealed.some((other) => text.includes(other));
}
