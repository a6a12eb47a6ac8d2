import { parseTime } from '../audit/parse-time.ts';

/**
 * Milliseconds since the epoch for `7d`, `2h`, `30m`, `90s`, `1w` from now, or for an ISO 8601 date or time; without a zone it is UTC.
 * `undefined` for anything else, and for what is not in the future.
 */
export function parseEnd(text: string, nowMs: number): number | undefined {
  const parsed = parseTime(text, nowMs);
  if (parsed === undefined) return undefined;
  // What is written without a date is a length of time.
  const end = text.includes('-') ? parsed : 2 * nowMs - parsed;
  return end > nowMs ? end : undefined;
}
