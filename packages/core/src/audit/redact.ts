import type { JsonValue } from '../call/json.ts';
import { wellFormed } from '../text/bounded-text.ts';
import type { AuditLevel, AuditRedaction } from './audit-record.ts';
import { isCredentialName } from './credential-like.ts';
import { countLeaves, escapePointer, jsonText, setMember } from './json-tree.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { holdsCredential, recordedName, shortened } from './recorded-text.ts';

/** Leaves recorded one by one. */
const maxLeaves = 256;
/** Characters of names and clear values recorded. */
const maxCharacters = 32_768;
/** Longest clear text in characters. */
const maxTextLength = 1_024;
/** Longest pointer recorded in characters. */
const maxPointerLength = 512;
/** Levels of nesting recorded; what lies deeper is one leaf. */
const maxDepth = 32;

export interface RedactOptions {
  readonly level: AuditLevel;
  /** JSON pointers (RFC 6901) of values never recorded in clear; the empty pointer is all of it. */
  readonly sensitive: readonly string[];
  readonly hash: KeyedHash;
  /** What the arguments belong to, such as `['arguments', 'tool', 'transfer']`: the same value hashes equal only there. */
  readonly domain: readonly string[];
}

export interface RedactedArguments {
  /** Absent when nothing can be recorded. */
  readonly arguments: JsonValue | undefined;
  readonly redaction: AuditRedaction;
}

/**
 * Arguments as they may stand in a record.
 *
 * Level `metadata`: the structure with the keyed hash of each leaf in its place. Levels `request` and `full`: values in
 * clear but for what is sensitive by pointer, has a credential-like name or looks like a credential, which is replaced by
 * its keyed hash and listed in `hidden`; long texts are cut and listed in `truncated`. At every level at most 256 leaves and
 * 32,768 characters of names and clear values are recorded, in document order; the rest is counted, and covered by one
 * keyed hash of everything.
 *
 * A leaf's hash is that of its JSON text with `domain` and its pointer. Never throws: what is not JSON (a cycle, a getter
 * that throws) is hidden as a whole.
 */
export function redactArguments(value: JsonValue, options: RedactOptions): RedactedArguments {
  try {
    return redact(value, options);
  } catch {
    return { arguments: undefined, redaction: { level: options.level, bytes: 0, hidden: [''] } };
  }
}

function redact(value: JsonValue, options: RedactOptions): RedactedArguments {
  const { level, hash, domain } = options;
  const text = JSON.stringify(value);
  const walk: Walk = {
    clear: level !== 'metadata',
    // A pointer without its slash was meant to have one.
    sensitive: new Set(
      options.sensitive.map((pointer) => (pointer === '' || pointer.startsWith('/') ? pointer : `/${pointer}`)),
    ),
    hash,
    domain,
    leaves: 0,
    characters: 0,
    digested: 0,
    hidden: [],
    truncated: [],
  };
  const recorded = visit(walk, value, { raw: '', shown: '', depth: 0, secret: walk.sensitive.has('') });
  return {
    arguments: recorded,
    redaction: {
      level,
      bytes: Buffer.byteLength(text),
      ...(walk.digested > 0 && { digestedLeaves: walk.digested, digest: hash.hash(text, ...domain) }),
      ...(walk.hidden.length > 0 && { hidden: walk.hidden }),
      ...(walk.truncated.length > 0 && { truncated: walk.truncated }),
    },
  };
}

interface Walk {
  readonly clear: boolean;
  readonly sensitive: ReadonlySet<string>;
  readonly hash: KeyedHash;
  readonly domain: readonly string[];
  leaves: number;
  characters: number;
  digested: number;
  readonly hidden: string[];
  readonly truncated: string[];
}

interface Place {
  /** The pointer as it is, for comparison and as domain. */
  readonly raw: string;
  /** The pointer as it may be recorded. */
  readonly shown: string;
  readonly depth: number;
  readonly secret: boolean;
}

/** The value as it may be recorded. */
function visit(walk: Walk, value: JsonValue, place: Place): JsonValue {
  const isLeaf = typeof value !== 'object' || value === null;
  if (isLeaf || place.secret || place.depth >= maxDepth) return visitLeaf(walk, value, place);
  return Array.isArray(value)
    ? visitArray(walk, value, place)
    : visitObject(walk, value as Record<string, JsonValue>, place);
}

function visitArray(walk: Walk, array: readonly JsonValue[], place: Place): JsonValue {
  if (array.length === 0) walk.leaves += 1;
  const recorded: JsonValue[] = [];
  for (const [index, child] of array.entries()) {
    if (isFull(walk)) {
      walk.digested += countLeaves(child, maxDepth - place.depth - 1);
      continue;
    }
    const key = String(index);
    recorded.push(visit(walk, child, childPlace(walk, place, key, key, false)));
  }
  return recorded;
}

function visitObject(walk: Walk, object: Readonly<Record<string, JsonValue>>, place: Place): JsonValue {
  const keys = Object.keys(object);
  if (keys.length === 0) walk.leaves += 1;
  const recorded: Record<string, JsonValue> = {};
  for (const key of keys) {
    const child = object[key] as JsonValue;
    if (isFull(walk)) {
      walk.digested += countLeaves(child, maxDepth - place.depth - 1);
      continue;
    }
    const name = recordedName(key, walk.hash);
    walk.characters += name.length;
    setMember(recorded, name, visit(walk, child, childPlace(walk, place, key, name, isCredentialName(key))));
  }
  return recorded;
}

function childPlace(walk: Walk, parent: Place, key: string, name: string, credential: boolean): Place {
  const raw = `${parent.raw}/${escapePointer(key)}`;
  const shown = name === key && parent.shown === parent.raw ? raw : `${parent.shown}/${escapePointer(name)}`;
  return { raw, shown, depth: parent.depth + 1, secret: credential || walk.sensitive.has(raw) };
}

function visitLeaf(walk: Walk, value: JsonValue, place: Place): JsonValue {
  walk.leaves += 1;
  if (place.secret) note(walk.hidden, place);
  else if (typeof value === 'object' && value !== null) note(walk.truncated, place);
  else if (walk.clear) return clearLeaf(walk, value, place);
  return hashOf(walk, value, place);
}

function clearLeaf(walk: Walk, value: JsonValue, place: Place): JsonValue {
  if (typeof value !== 'string') {
    walk.characters += 8;
    return value;
  }
  if (holdsCredential(value, maxTextLength)) {
    note(walk.hidden, place);
    return hashOf(walk, value, place);
  }
  const long = value.length > maxTextLength;
  if (long) note(walk.truncated, place);
  const text = long ? shortened(value, maxTextLength, walk.hash, ...walk.domain, place.raw) : wellFormed(value);
  walk.characters += text.length;
  return text;
}

function hashOf(walk: Walk, value: JsonValue, place: Place): string {
  return walk.hash.hash(jsonText(value), ...walk.domain, place.raw);
}

function note(list: string[], place: Place): void {
  list.push(
    place.shown.length > maxPointerLength ? `${wellFormed(place.shown.slice(0, maxPointerLength))}…` : place.shown,
  );
}

function isFull(walk: Walk): boolean {
  return walk.leaves >= maxLeaves || walk.characters >= maxCharacters;
}
