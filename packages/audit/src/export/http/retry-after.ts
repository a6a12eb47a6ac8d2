/**
 * Milliseconds that a `Retry-After` header asks to wait (RFC 9110 §10.2.3): seconds, or a date. `undefined` when it is absent or says
 * neither.
 */
export function readRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * 1000;
  // A date has the name of a day or a month; Date.parse alone would also take "-5".
  const date = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
