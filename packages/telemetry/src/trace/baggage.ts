import { baggageEntryMetadataFromString, propagation, type Baggage, type BaggageEntry } from '@opentelemetry/api';

/** What W3C Baggage §3.3.2 asks everybody to pass on; more is dropped as a whole. */
const maxLength = 8_192;
const maxMembers = 64;

/**
 * Reads a `baggage` value (W3C Baggage §3.3). `undefined` for anything malformed or too large: a part of what somebody sent could say
 * something else than all of it.
 */
export function parseBaggage(value: unknown): Baggage | undefined {
  if (typeof value !== 'string' || value === '' || value.length > maxLength) return undefined;
  const members = value.split(',');
  if (members.length > maxMembers) return undefined;
  const entries = Object.create(null) as Record<string, BaggageEntry>;
  for (const text of members) {
    const parsed = parseMember(text);
    if (parsed === undefined || Object.hasOwn(entries, parsed.key)) return undefined;
    entries[parsed.key] = parsed.entry;
  }
  return propagation.createBaggage(entries);
}

function parseMember(text: string): { readonly key: string; readonly entry: BaggageEntry } | undefined {
  const [pair = '', ...properties] = text.split(';');
  const equals = pair.indexOf('=');
  const key = trim(pair.slice(0, Math.max(0, equals)));
  const value = decode(trim(pair.slice(equals + 1)));
  if (equals < 0 || !isToken(key) || value === undefined || !properties.every(isProperty)) return undefined;
  if (properties.length === 0) return { key, entry: { value } };
  return { key, entry: { value, metadata: baggageEntryMetadataFromString(properties.map(trim).join(';')) } };
}

function isProperty(text: string): boolean {
  const equals = text.indexOf('=');
  if (equals < 0) return isToken(trim(text));
  return isToken(trim(text.slice(0, equals))) && isValue(trim(text.slice(equals + 1)));
}

/** Takes optional white space off: spaces and tabs, and nothing else that `String.trim` takes. */
function trim(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text[from])) from += 1;
  while (to > from && isSpace(text[to - 1])) to -= 1;
  return text.slice(from, to);
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** RFC 9110 §5.6.2. */
function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

/** `baggage-octet`: printable ASCII without space, quote, comma, semicolon and backslash. */
function isValue(text: string): boolean {
  return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/.test(text);
}

function decode(text: string): string | undefined {
  if (!isValue(text)) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
