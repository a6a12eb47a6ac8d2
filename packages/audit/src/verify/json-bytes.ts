/** Deeper values are left to `JSON.parse`. */
const maxDepth = 512;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openArray = 0x5b;
const backslash = 0x5c;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** 1 for the bytes that a string may hold and that mean nothing but themselves. */
const plain: Uint8Array = new Uint8Array(256).fill(1, 0x20);
plain[quote] = 0;
plain[backslash] = 0;

/** The container each level is in, while one value is skipped: nobody else runs in between. */
const closers = new Uint8Array(maxDepth);

/**
 * The index behind the JSON value (RFC 8259) that begins at an index, or -1: it is no value, holds whitespace between its tokens, or is
 * nested deeper than 512. A control character must stand somewhere behind the value: it ends every search.
 */
export function skipValue(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === quote) at = skipString(bytes, at);
    else if (byte === openObject && bytes[at + 1] !== closeObject) {
      if (depth === maxDepth) return -1;
      closers[depth] = closeObject;
      depth += 1;
      at = skipKey(bytes, at + 1);
      if (at === -1) return -1;
      continue;
    } else if (byte === openArray && bytes[at + 1] !== closeArray) {
      if (depth === maxDepth) return -1;
      closers[depth] = closeArray;
      depth += 1;
      at += 1;
      continue;
    } else if (byte === openObject || byte === openArray) at += 2;
    else at = skipAtom(bytes, at);
    if (at === -1) return -1;
    while (depth > 0 && bytes[at] === closers[depth - 1]) {
      depth -= 1;
      at += 1;
    }
    if (depth === 0) return at;
    if (bytes[at] !== comma) return -1;
    at = closers[depth - 1] === closeObject ? skipKey(bytes, at + 1) : at + 1;
    if (at === -1) return -1;
  }
}

/** The index behind the string whose opening quote stands at an index, or -1. */
export function skipString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; ; at += 1) {
    while (plain[bytes[at] as number] === 1) at += 1;
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    // A control character, or the end of the bytes.
    if (byte !== backslash) return -1;
    at += 1;
    const escaped = bytes[at];
    if (escaped === 0x75) {
      for (let digit = 0; digit < 4; digit += 1) {
        at += 1;
        if (!isHexDigit(bytes[at])) return -1;
      }
    } else if (!isEscape(escaped)) return -1;
  }
}

/** The index behind a name and its colon, or -1. */
function skipKey(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== quote) return -1;
  const end = skipString(bytes, start);
  return end !== -1 && bytes[end] === colon ? end + 1 : -1;
}

/** The index behind a number, `true`, `false` or `null`, or -1. */
function skipAtom(bytes: Uint8Array, start: number): number {
  switch (bytes[start]) {
    case 0x74:
      return isWord(bytes, start, 0x72, 0x75, 0x65) ? start + 4 : -1;
    case 0x66:
      return bytes[start + 1] === 0x61 && isWord(bytes, start + 1, 0x6c, 0x73, 0x65) ? start + 5 : -1;
    case 0x6e:
      return isWord(bytes, start, 0x75, 0x6c, 0x6c) ? start + 4 : -1;
    default:
      return skipNumber(bytes, start);
  }
}

function isWord(bytes: Uint8Array, start: number, one: number, two: number, three: number): boolean {
  return bytes[start + 1] === one && bytes[start + 2] === two && bytes[start + 3] === three;
}

function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === 0x2d ? start + 1 : start;
  const whole = at;
  at = skipDigits(bytes, at);
  if (at === whole || (bytes[whole] === 0x30 && at > whole + 1)) return -1;
  if (bytes[at] === 0x2e) {
    const fraction = at + 1;
    at = skipDigits(bytes, fraction);
    if (at === fraction) return -1;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const sign = bytes[at + 1];
    const exponent = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
    at = skipDigits(bytes, exponent);
    if (at === exponent) return -1;
  }
  return at;
}

function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return isDigit(byte) || (byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46);
}

/** One of `"\/bfnrt`. */
function isEscape(byte: number | undefined): boolean {
  switch (byte) {
    case 0x22:
    case 0x2f:
    case 0x5c:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true;
    default:
      return false;
  }
}
