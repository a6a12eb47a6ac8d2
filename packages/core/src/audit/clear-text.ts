import { isCredentialName } from './credential-like.ts';
import { childPlace, rootPlaceOf, type Place } from './place.ts';
import { holdsCredential, isEncoded, lookAhead } from './recorded-text.ts';

/** Longest clear text in characters. */
export const maxTextLength = 1_024;
/** Longest text that is read as JSON to see whether something in it is secret. */
const maxJsonLength = 4_096;

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
  if (!/^\s{0,64}[[{"]/.test(text)) return 'clear';
  // What is cut from long JSON text may be the end of a secret.
  if (text.length > maxJsonLength) return 'encoded';
  return jsonHoldsSecret(text, place, concealed) ? 'secret' : 'clear';
}

/** Tools often answer with their structured content once more as text: the same names and pointers are secret there. */
function jsonHoldsSecret(text: string, place: Place, concealed: readonly string[]): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  return holdsSecret(value, rootPlaceOf(place), concealed);
}

function holdsSecret(value: unknown, place: Place, concealed: readonly string[]): boolean {
  if (place.secret) return true;
  if (typeof value === 'string') return holdsSecretText(value, concealed);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, child]) => {
    const credential = !Array.isArray(value) && isCredentialName(key);
    return holdsSecret(child, childPlace(place, { key, name: key, credential }), concealed);
  });
}

function holdsSecretText(text: string, concealed: readonly string[]): boolean {
  return holdsCredential(text, maxTextLength) || concealed.some((other) => text.includes(other));
}
