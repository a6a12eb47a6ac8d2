import { holdsCredentialField } from './credential-field.ts';
import { holdsPrefixedKey } from './credential-prefix.ts';

/**
 * Whether a text holds what looks like a credential: a JSON Web Token, plain, in Base64 or in hexadecimal; what follows `Bearer`,
 * `Basic` or `DPoP` in a header; a private key in PEM; a key that is known by its beginning; a value behind the name of a
 * credential. Linear in the length of the text.
 */
export function looksLikeCredential(text: string): boolean {
  if (text.length < 7) return false;
  return (
    holdsToken(text) ||
    holdsRun(text, 'ZXlK', 40) ||
    holdsRun(text, '65794a', 40) ||
    holdsRun(text, '65794A', 40) ||
    holdsPrefixedKey(text) ||
    holdsCredentialField(text) ||
    holdsSchemeAndToken(text.toLowerCase()) ||
    (text.includes('-----BEGIN ') && text.includes('PRIVATE KEY-----'))
  );
}

/** `eyJ` is `{"` in Base64url: the beginning of every JOSE header. Then a dot and at least four more characters. */
function holdsToken(text: string): boolean {
  for (let start = text.indexOf('eyJ'); start !== -1;) {
    const dot = endOfRun(text, start);
    const next = dot + (text.startsWith('%2E', dot) || text.startsWith('%2e', dot) ? 3 : 1);
    if (dot - start >= 8 && (text[dot] === '.' || next > dot + 1) && endOfRun(text, next) - next >= 4) return true;
    start = text.indexOf('eyJ', dot);
  }
  return false;
}

function holdsRun(text: string, beginning: string, length: number): boolean {
  for (let start = text.indexOf(beginning); start !== -1;) {
    const end = endOfRun(text, start);
    if (end - start >= length) return true;
    start = text.indexOf(beginning, end);
  }
  return false;
}

function holdsSchemeAndToken(lowerCase: string): boolean {
  return ['bearer', 'basic', 'dpop'].some((scheme) => {
    for (let at = lowerCase.indexOf(scheme); at !== -1; at = lowerCase.indexOf(scheme, at + scheme.length)) {
      let start = at + scheme.length;
      while (isSpace(lowerCase.charCodeAt(start))) start += 1;
      if (start > at + scheme.length && isOpaqueToken(lowerCase.slice(start, endOfRun(lowerCase, start, '.'))))
        return true;
    }
    return false;
  });
}

/** Not a word of a sentence: long, or with a digit. */
function isOpaqueToken(text: string): boolean {
  return text.length >= 16 || (text.length >= 8 && /[0-9]/.test(text));
}

/** The end of the run of Base64, Base64url and token68 characters (RFC 9110 §11.2), with the dot only where asked for. */
function endOfRun(text: string, start: number, dot = ''): number {
  let end = start;
  while (end < text.length && (isTokenCharacter(text.charCodeAt(end)) || text[end] === dot)) end += 1;
  return end;
}

function isTokenCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || // a-z
    (code >= 0x41 && code <= 0x5a) || // A-Z
    (code >= 0x30 && code <= 0x39) || // 0-9
    code === 0x2b || // +
    code === 0x2d || // -
    code === 0x2f || // /
    code === 0x5f || // _
    code === 0x7e || // ~
    code === 0x3d // =
  );
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0xa0;
}
