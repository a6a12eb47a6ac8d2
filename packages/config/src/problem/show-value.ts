/** At most so many characters of a value are shown. */
const shownLength = 80;

/** A text on one line: characters that break lines, hide or reorder text are escaped. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A text in quotes, on one line, not longer than a line should be, without the user information of a URL. */
export function quote(text: string): string {
  const masked = maskUserInformation(text);
  const cut = masked.length > shownLength ? `${masked.slice(0, shownLength)}…` : masked;
  return oneLine(JSON.stringify(cut));
}

/** Generous on purpose: everything up to the last `@` may belong to a password. */
function maskUserInformation(text: string): string {
  const at = text.lastIndexOf('@');
  const colon = text.indexOf(':');
  if (colon === -1 || at < colon) return text;
  const start = text.startsWith('//', colon + 1) ? colon + 3 : 0;
  return `${text.slice(0, start)}…${text.slice(at)}`;
}

/** What stands in a field, short enough for an error message. Values of secrets must not be passed. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** What kind of value stands in a field that may hold a secret. */
export function showKind(value: unknown): string {
  if (value === '') return 'an empty text';
  if (typeof value === 'string') return 'a text that is not shown';
  return typeof value === 'number' ? 'a number' : showValue(value);
}
