/** No more than this of a text is looked at: what is shown of a longer one is shorter still. */
const maxLooked = 4_096;
const minEncoded = 128;

/** Bytes written as text: data URLs, Base64, hexadecimal, visible ASCII without a single space at the beginning of a long text. */
export function isEncoded(text: string): boolean {
  const seen = text.length > maxLooked ? text.slice(0, maxLooked) : text;
  if (isDataUrl(seen)) return true;
  if (seen.length < minEncoded) return false;
  return endOf(seen, isBase64) === seen.length || (text.length > 512 && endOf(seen, isVisible) >= 256);
}

function isDataUrl(text: string): boolean {
  return /^data:[!-+\--~]{0,100},/i.test(text.slice(0, 112));
}

function endOf(text: string, fits: (code: number) => boolean): number {
  let end = 0;
  while (end < text.length && fits(text.charCodeAt(end))) end += 1;
  return end;
}

function isVisible(code: number): boolean {
  return code >= 0x21 && code <= 0x7e;
}

function isBase64(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || // a-z
    (code >= 0x41 && code <= 0x5a) || // A-Z
    (code >= 0x2f && code <= 0x39) || // / 0-9
    code === 0x2b || // +
    code === 0x2d || // -
    code === 0x3d || // =
    code === 0x5f // _
  );
}
