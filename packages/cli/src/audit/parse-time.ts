const relative = /^(?<count>[0-9]{1,6})(?<unit>[smhdw])$/;
const absolute =
  /^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ](?<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)(?<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?$/;

const unitMs: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/**
 * Milliseconds since the epoch for `7d`, `2h`, `30m`, `90s`, `1w` ago, or for an ISO 8601 date or time; without a zone it is UTC, as
 * the log is. `undefined` for anything else. A date alone means the first millisecond of that day, or the last one.
 */
export function parseTime(text: string, now: number, day: 'begins' | 'ends' = 'begins'): number | undefined {
  const ago = relative.exec(text)?.groups;
  if (ago !== undefined) return now - Number(ago['count']) * (unitMs.get(ago['unit'] ?? '') ?? 0);
  const parts = absolute.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { date = '', time = day === 'ends' ? '23:59:59.999' : '00:00', zone = 'Z' } = parts;
  const parsed = Date.parse(`${date}T${time}${zone}`);
  // Date.parse rolls some dates over, such as 30 February.
  if (Number.isNaN(parsed) || !isDay(date)) return undefined;
  return parsed;
}

function isDay(date: string): boolean {
  const midnight = new Date(`${date}T00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}
