const TOKEN_CHARS = table("!#$%&'*+-.^_`|~");
const B64_CHARS = table('-._~+/');

/** A table of the ASCII letters, digits and the given marks. */
function table(marks: string): Uint8Array {
  const chars = new Uint8Array(256);
  for (const char of `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${marks}`)
    chars[char.charCodeAt(0)] = 1;
  return chars;
}

/** `tchar` of RFC 9110 §5.6.2. */
export function isTokenChar(code: number): boolean {
  return TOKEN_CHARS[code] === 1;
}

/**
 * Checks `b64token` of RFC 6750 §2.1: `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
 * `blank` means that a space or tab was found anywhere, so that the text is not one token.
 */
export function scanToken68(text: string): 'ok' | 'blank' | 'alphabet' {
  if (text.includes(' ') || text.includes('\t')) return 'blank';
  let index = 0;
  while (index < text.length && B64_CHARS[text.charCodeAt(index)] === 1) index += 1;
  if (index === 0) return 'alphabet';
  while (index < text.length && text.charCodeAt(index) === 0x3d) index += 1;
  return index === text.length ? 'ok' : 'alphabet';
}
