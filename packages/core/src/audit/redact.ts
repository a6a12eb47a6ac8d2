import type { JsonValue } from '../call/json.ts';
import { endOfString } from '../call/scan-json.ts';
import { wellFormed } from '../text/bounded-text.ts';
import type { AuditLevel, AuditRedaction } from './audit-record.ts';
import { isCredentialName } from './credential-like.ts';
import { countLeaves, endOfValue, jsonText, kindAt } from './json-text.ts';
import { setMember } from './json-tree.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { childPlace, maxDepth, maxPointerLength, rootPlace, shownPointer, type Place } from './place.ts';
import { holdsCredential, maxNameLength, recordedName, shortened } from './recorded-text.ts';

/** Leaves recorded one by one. */
const maxLeaves = 256;
/** Characters of names, listed pointers and clear values recorded. */
const maxCharacters = 32_768;
/** What a member counts beyond its name: many short ones cost as much as few long ones. */
const memberCharacters = 8;
/** Longest clear text in characters. */
const maxTextLength = 1_024;

export interface RedactOptions {
  readonly level: AuditLevel;
  readonly hash: KeyedHash;
  /** What the arguments belong to, such as `['arguments', 'tool', 'transfer']`: the same value hashes equal only there. */
  readonly domain: readonly string[];
  /** JSON pointers (RFC 6901) of values never recorded in clear; the empty pointer is all of it. */
  readonly sensitive: readonly string[];
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
 * 32,768 characters of names, listed pointers and clear values are recorded, in document order; the rest is counted, and
 * covered by one keyed hash of everything.
 *
 * A leaf's hash is that of its JSON text with `domain` and its pointer; of a pointer beyond 512 characters a keyed hash takes
 * the place. Never throws: what is not JSON (a cycle, a getter that throws) is hidden as a whole.
 *
 * The work is linear in the length of the JSON text, whatever its shape: no part of it is hashed more than twice, and
 * nothing is built for what is only counted.
 */
export function redactArguments(value: JsonValue, options: RedactOptions): RedactedArguments {
  try {
    return redact(jsonText(value), options);
  } catch {
    return { arguments: undefined, redaction: { level: options.level, bytes: 0, hidden: [''] } };
  }
}

function redact(text: string, options: RedactOptions): RedactedArguments {
  const { level, sensitive, hash, domain } = options;
  const walk: Walk = {
    text,
    at: 0,
    clear: level !== 'metadata',
    hash,
    domain,
    leaves: 0,
    characters: 0,
    digested: 0,
    hidden: [],
    truncated: [],
  };
  const recorded = visit(walk, rootPlace({ hash, domain, sensitive }));
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

/**
 * Goes through the JSON text and not through the value: the text is needed anyway, the text of a leaf is a part of it, and
 * the members of a huge object need not be listed to see the first of them.
 */
interface Walk {
  readonly text: string;
  /** Where the walk is. */
  at: number;
  readonly clear: boolean;
  readonly hash: KeyedHash;
  readonly domain: readonly string[];
  leaves: number;
  characters: number;
  digested: number;
  readonly hidden: string[];
  readonly truncated: string[];
}

/** The value at the walk's place as it may be recorded. */
function visit(walk: Walk, place: Place): JsonValue {
  const kind = kindAt(walk.text, walk.at);
  if (kind === 'other' || place.secret || place.depth >= maxDepth) return visitLeaf(walk, place);
  walk.at += 1;
  if (kindAt(walk.text, walk.at) === 'closing') walk.leaves += 1;
  return kind === 'array' ? visitArray(walk, place) : visitObject(walk, place);
}

function visitArray(walk: Walk, place: Place): JsonValue {
  const recorded: JsonValue[] = [];
  while (nextChild(walk, place)) {
    const key = String(recorded.length);
    recorded.push(visit(walk, childPlace(place, { key, name: key, credential: false })));
  }
  return recorded;
}

function visitObject(walk: Walk, place: Place): JsonValue {
  const recorded: Record<string, JsonValue> = {};
  while (nextChild(walk, place)) {
    const end = endOfString(walk.text, walk.at) + 1;
    const key = JSON.parse(walk.text.slice(walk.at, end)) as string;
    walk.at = end + 1;
    const hashed = key.length > maxPointerLength ? walk.hash.hash(key, 'name') : undefined;
    const name = recordedName(key, walk.hash, hashed);
    // A changed name has cost a hash.
    walk.characters += memberCharacters + (name === key ? name.length : maxNameLength);
    const child = childPlace(place, { key, hashed, name, credential: isCredentialName(key) });
    setMember(recorded, name, visit(walk, child));
  }
  return recorded;
}

/**
 * Steps to the next child of a container; false behind the last one. When the record is full the rest of the text is counted,
 * and there are no more children anywhere.
 */
function nextChild(walk: Walk, place: Place): boolean {
  if (kindAt(walk.text, walk.at) === 'closing') {
    walk.at += 1;
    return false;
  }
  if (isFull(walk)) {
    walk.digested += countLeaves(walk.text, walk.at, place.depth + 1, maxDepth);
    walk.at = walk.text.length;
    return false;
  }
  if (walk.text[walk.at] === ',') walk.at += 1;
  return true;
}

function visitLeaf(walk: Walk, place: Place): JsonValue {
  const start = walk.at;
  walk.at = endOfValue(walk.text, start);
  walk.leaves += 1;
  const json = walk.text.slice(start, walk.at);
  if (place.secret) note(walk, walk.hidden, place);
  else if (kindAt(json, 0) !== 'other') note(walk, walk.truncated, place);
  else if (walk.clear) return clearLeaf(walk, json, place);
  return hashOf(walk, json, place);
}

function clearLeaf(walk: Walk, json: string, place: Place): JsonValue {
  const value = JSON.parse(json) as JsonValue;
  if (typeof value !== 'string') {
    walk.characters += 8;
    return value;
  }
  if (holdsCredential(value, maxTextLength)) {
    note(walk, walk.hidden, place);
    return hashOf(walk, json, place);
  }
  const long = value.length > maxTextLength;
  if (long) note(walk, walk.truncated, place);
  const text = long ? shortened(value, maxTextLength, walk.hash, ...walk.domain, place.pointer) : wellFormed(value);
  walk.characters += text.length;
  return text;
}

function hashOf(walk: Walk, json: string, place: Place): string {
  return walk.hash.hash(json, ...walk.domain, place.pointer);
}

function note(walk: Walk, list: string[], place: Place): void {
  const pointer = shownPointer(place);
  walk.characters += pointer.length;
  list.push(pointer);
}

function isFull(walk: Walk): boolean {
  return walk.leaves >= maxLeaves || walk.characters >= maxCharacters;
}
