/** What a client takes at most of `Accept`: a longer list says nothing that a sane client would. */
const maxRanges = 64;
/** Longest `Accept` that is read, in characters. A server may disregard the field (RFC 9110 §12.4.1), and does with a longer one. */
const maxLength = 1_024;

interface Range {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
}

/**
 * Chooses the media type of an answer (RFC 9110 §12.5.1). Of the offered types the one with the greatest quality wins, then the one that
 * is named most exactly, then the one offered first. Parameters other than `q` are not looked at. A field without one well-formed range
 * asks for nothing in particular, and so does one of more than 1,024 characters.
 *
 * @param offered media types without parameters, in lower case, the preferred one first
 * @returns `undefined` when nothing that is offered is acceptable
 */
export function negotiate(accept: string | undefined, offered: readonly string[]): string | undefined {
  const ranges = accept === undefined || accept.length > maxLength ? [] : readRanges(accept);
  if (ranges.length === 0) return offered[0];
  let best: { readonly media: string; readonly quality: number; readonly exactness: number } | undefined;
  for (const media of offered) {
    const { quality, exactness } = wanted(media, ranges);
    if (quality === 0) continue;
    if (best === undefined || quality > best.quality || (quality === best.quality && exactness > best.exactness))
      best = { media, quality, exactness };
  }
  return best?.media;
}

/** How much a type is wanted. The most exact range that fits decides, so that one type can be excluded from all others. */
function wanted(media: string, ranges: readonly Range[]): { readonly quality: number; readonly exactness: number } {
  const [type, subtype] = media.split('/', 2);
  let found = { quality: 0, exactness: -1 };
  for (const range of ranges) {
    const fits = (range.type === '*' || range.type === type) && (range.subtype === '*' || range.subtype === subtype);
    const exactness = Number(range.type !== '*') + Number(range.subtype !== '*');
    if (fits && exactness > found.exactness) found = { quality: range.quality, exactness };
  }
  return found;
}

function readRanges(accept: string): readonly Range[] {
  const ranges: Range[] = [];
  for (const member of accept.split(',', maxRanges)) {
    const [media = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase());
    const [type = '', subtype = '', ...rest] = media.split('/', 3);
    const quality = readQuality(parameters);
    if (rest.length > 0 || !isToken(type) || !isToken(subtype) || quality === undefined) continue;
    if (type === '*' && subtype !== '*') continue;
    ranges.push({ type, subtype, quality });
  }
  return ranges;
}

/** The weight of RFC 9110 §12.4.2; `undefined` when it is none. */
function readQuality(parameters: readonly string[]): number | undefined {
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  if (weight === undefined) return 1;
  return /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight.slice(2)) : undefined;
}

function isToken(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(text);
}
