import { isCredentialName } from './credential-name.ts';

/** Longest name and longest value that are looked at. */
const maxName = 64;
const maxValue = 64;
/** Spaces, quotes and backslashes between a name, its separator and its value. */
const maxBetween = 8;

/** Words that follow a name in sentences and in code. */
const words: ReadonlySet<string> = new Set(
  'null undefined true false none empty required optional missing invalid incorrect mandatory expired forgotten unchanged protected disabled enabled redacted hidden changed accepted rejected'.split(
    ' ',
  ),
);

/** Names that stand before other things as well. */
const weakNames = /^(?:auth|bearer|pass|session|tokens)$/i;
/** A name whose first word stands before it. */
const secondWords = /^(?:key|code|phrase|string)$/i;
/** Names in the query of a URL that is signed, or that hands over a grant. */
const queryNames = /^(?:x-amz-signature|x-goog-signature|signature|sig|code|key)$/i;
/** Names of headers whose value has several words. */
const headerNames = /authorization$|cookie$/i;

/**
 * Whether a text holds a credential behind its name: `password=…` of a form, `?access_token=…`, `Authorization: token …`,
 * `X-Api-Key: …`, `"password": "…"` of JSON that may be cut, quoted again or inside something else; or behind the name of a user in
 * a URL. Ordinary sentences, such as `Password: required`, are none. Linear in the length of the text.
 */
export function holdsCredentialField(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== equals && code !== colon) continue;
    if (code === colon && text.startsWith('//', index + 1)) {
      if (hasPassword(text, index + 3)) return true;
    } else if (isField(text, index, code === colon)) return true;
  }
  return false;
}

const equals = 0x3d;
const colon = 0x3a;

function isField(text: string, separator: number, isColon: boolean): boolean {
  let end = separator;
  while (end > 0 && separator - end < maxBetween && isBetween(text.charCodeAt(end - 1))) end -= 1;
  const quoted = end < separator && (isQuote(text.charCodeAt(end)) || text.charCodeAt(end) === 0x5c);
  let start = end;
  while (start > 0 && end - start < maxName && isNameCharacter(text.charCodeAt(start - 1))) start -= 1;
  if (end - start < 2) return false;
  const name = nameAt(text, start, end);
  if (!isColon && isQuery(text.charCodeAt(start - 1)) && queryNames.test(name)) {
    return isOpaque(firstWords(text.slice(separator + 1, separator + 1 + maxValue))[0] ?? '', 8);
  }
  if (!isCredentialName(name)) return false;
  return isValue(text, separator, { name, quoted, form: !isColon });
}

function nameAt(text: string, start: number, end: number): string {
  const name = text.slice(start, end);
  if (!secondWords.test(name) || text.charCodeAt(start - 1) !== 0x20) return name;
  let from = start - 1;
  while (from > 0 && start - from < maxName && isNameCharacter(text.charCodeAt(from - 1))) from -= 1;
  return text.slice(from, end);
}

interface Field {
  readonly name: string;
  readonly quoted: boolean;
  readonly form: boolean;
}

function isValue(text: string, separator: number, { name, quoted, form }: Field): boolean {
  let start = separator + 1;
  while (start < text.length && start - separator <= maxBetween && isBetween(text.charCodeAt(start))) start += 1;
  const value = text.slice(start, start + maxValue);
  if (headerNames.test(name)) return firstWords(value).some((word) => isOpaque(word, 4));
  const word = firstWords(value)[0] ?? '';
  if (word === '' || words.has(word.toLowerCase())) return false;
  // A comparison or a call in code.
  if (text.charCodeAt(separator + 1) === equals || text.charCodeAt(separator - 1) === equals) return false;
  if (quoted) return true;
  if (weakNames.test(name) && !form) return isOpaque(word, 8);
  return (form && start === separator + 1) || isOpaque(word, 3);
}

/** Up to three words of the line. */
function firstWords(value: string): string[] {
  const line = value.split(/[\r\n]/, 1)[0] ?? '';
  return line.split(/[\s"'\\&,;}\])]+/, 3).filter((word) => word !== '');
}

/** Not a word of a sentence: with something else than letters and so long, or long. */
function isOpaque(word: string, length: number): boolean {
  const plain = word.replace(/[.!?:]$/, '');
  if (words.has(plain.toLowerCase())) return false;
  return plain.length >= 8 || (plain.length >= length && /[^A-Za-z]/.test(plain));
}

/** `user:password@` at the beginning of the authority of a URL (RFC 3986 §3.2.1). */
function hasPassword(text: string, from: number): boolean {
  let password = -1;
  for (let index = from; index < Math.min(text.length, from + 512); index++) {
    const code = text.charCodeAt(index);
    if (code === colon && password === -1) password = index + 1;
    else if (code === 0x40) return password !== -1 && index > password;
    else if (code <= 0x20 || code === 0x2f || code === 0x3f || code === 0x23 || code === 0x22) return false;
  }
  return false;
}

function isBetween(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x5c || isQuote(code);
}

/** What stands before a name in a query or a fragment. */
function isQuery(code: number): boolean {
  return code === 0x3f || code === 0x26 || code === 0x23;
}

function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x60;
}

/** Letters of any script, digits, and what joins words of a name. */
function isNameCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x5f ||
    code > 0x7f
  );
}
