import { isCredentialName } from '@sallyport/core';
import { isOpaque } from './opaque.ts';
import { isLiteral, withoutVariables } from './variables.ts';

/** Longest name that is looked at. */
const maxName = 64;
/** Where a value ends. */
const valueEnd = /[\s;&"'`<>,()[\]{}]/;

/**
 * The credential that is given a name in a text, in words, or `undefined`: `AccountKey=…`, `api_key=…`, `x-api-key: …` when it reads like
 * a token, and any password between the semicolons of a connection string. Goes over each character a fixed number of times.
 */
export function assignedSecret(text: string): string | undefined {
  const pieces = withoutVariables(text).split(/([=:])/);
  for (let index = 1; index < pieces.length; index += 2) {
    const sign = pieces[index];
    const before = (pieces[index - 1] ?? '').slice(-maxName);
    const name = before.slice(nameStart(before));
    if (!isNamed(name)) continue;
    const after = (pieces[index + 1] ?? '').replace(/^ ?["'`]?/, '');
    const end = after.search(valueEnd);
    const value = end === -1 ? after : after.slice(0, end);
    if (!isLiteral(value, name)) continue;
    const assigned = sign === '=' ? isOpaque(value) : isOpaqueWord(value);
    if (assigned) return 'a credential that is assigned to its name';
    if (sign !== '=' || !isPassword(name)) continue;
    const listed = before.slice(0, -name.length).trimEnd().endsWith(';') || after[end] === ';';
    if (listed || (end === -1 && pieces[index + 2] === '=')) return 'a password in a connection string';
  }
  return undefined;
}

function nameStart(before: string): number {
  let start = before.length;
  while (start > 0 && /[\w-]/.test(before.charAt(start - 1))) start -= 1;
  return start;
}

function isNamed(name: string): boolean {
  return isCredentialName(name) || /^account_?key$/i.test(name);
}

function isPassword(name: string): boolean {
  return /(?:password|passwd|pwd|secret|key)$/i.test(name);
}

/** Behind a colon stands prose more often than a credential: no punctuation, and long. */
function isOpaqueWord(value: string): boolean {
  return value.length >= 16 && isOpaque(value) && !/[^0-9A-Za-z_+]/.test(value);
}
