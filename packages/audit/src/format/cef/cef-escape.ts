/** Control characters, line ends, and what turns or hides text in a viewer; lone surrogates too. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A field of the header: backslash and pipe escaped, no line ends (ArcSight CEF, "Character Encoding"). */
export function cefHeaderField(text: string): string {
  return text.replace(unprintable, ' ').replace(/[\\|]/g, '\\$&').trim();
}

/**
 * A value of the extension: backslash and equals sign escaped, line ends as `\n` and `\r`; cut at `length` characters. Pipes stay. Other
 * characters that could make a viewer lie become U+FFFD.
 */
export function cefValue(text: string, length: number): string {
  const characters = Array.from(text.trim());
  const cut = characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
  return cut.replace(/[\\=]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replace(unprintable, '\uFFFD');
}
