const colon = 0x3a;

/** True when the bytes are those of an ASCII name. */
export function is(bytes: Buffer, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index += 1) {
    if (bytes[start + index] !== name.charCodeAt(index)) return false;
  }
  return true;
}

/** True when the wanted bytes stand at an index. */
export function startsWith(bytes: Buffer, start: number, wanted: Buffer): boolean {
  for (let index = 0; index < wanted.length; index += 1) {
    if (bytes[start + index] !== wanted[index]) return false;
  }
  return true;
}

/** True when the bytes are this ASCII text: for what is mostly the same as the last time. */
export function isText(bytes: Buffer, start: number, end: number, last: string): boolean {
  return end - start === last.length && is(bytes, start, last);
}

/** ASCII without escapes. */
export function isPlain(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0x5c || byte >= 0x80) return false;
  }
  return true;
}

/** A decimal number; -1 for anything else. Nothing at all is 0. */
export function digits(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const dayMs = 86_400_000;
let lastDay = '';
let lastDayMs = 0;

/** `2026-11-20T21:00:00.000Z` in milliseconds since the epoch; NaN for every other form. */
export function timeOf(bytes: Buffer, start: number, end: number): number {
  if (end - start !== 24 || bytes[start + 10] !== 0x54 || bytes[end - 1] !== 0x5a) return Number.NaN;
  if (!isText(bytes, start, start + 10, lastDay)) {
    const day = bytes.toString('latin1', start, start + 10);
    const ms = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day) ? Date.parse(day) : Number.NaN;
    if (Number.isNaN(ms) || ms % dayMs !== 0) return Number.NaN;
    lastDay = day;
    lastDayMs = ms;
  }
  const hours = digits(bytes, start + 11, start + 13);
  const minutes = digits(bytes, start + 14, start + 16);
  const seconds = digits(bytes, start + 17, start + 19);
  const millis = digits(bytes, start + 20, start + 23);
  const colons = bytes[start + 13] === colon && bytes[start + 16] === colon && bytes[start + 19] === 0x2e;
  if (!colons || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59 || millis < 0)
    return Number.NaN;
  return lastDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
}
