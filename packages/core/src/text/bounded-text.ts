/// <reference lib="es2024.string" />

/** The text with every lone surrogate replaced by U+FFFD, so that it survives being written as UTF-8. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/**
 * The well-formed text, cut to at most `maxLength` UTF-16 units. A cut text ends in `…`; no surrogate pair is cut in two.
 */
export function boundedText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return wellFormed(text);
  return `${prefixOf(text, maxLength - 1)}…`;
}

/** The first `length` UTF-16 units, well-formed; one less where that would cut a surrogate pair in two. */
export function prefixOf(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const cutsPair = last >= 0xd800 && last <= 0xdbff;
  return wellFormed(text.slice(0, cutsPair ? length - 1 : length));
}
