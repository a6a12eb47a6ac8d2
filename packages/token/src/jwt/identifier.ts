/** True for a string that can name somebody in keys, logs and records: not empty, at most `maxLength` UTF-16 units, no control characters. */
export function isIdentifier(value: unknown, maxLength = 255): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxLength && !/\p{Cc}/u.test(value);
}
