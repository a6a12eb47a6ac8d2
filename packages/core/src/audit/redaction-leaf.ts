import type { JsonValue } from '../call/json.ts';
import { wellFormed } from '../text/bounded-text.ts';
import { canonicalJson, longText } from './canonical-json.ts';
import { lookOf, maxTextLength, repeats } from './clear-text.ts';
import type { HashInProgress, KeyedHash } from './keyed-hash.ts';
import type { MemberName } from './member-names.ts';
import { maxDepth, shownPointer, type Place } from './place.ts';
import { escapedPiece, lengthAndHash, nameDomain, shortenedTo } from './recorded-text.ts';
import { stepLength, type Pace, type Steps } from './steps.ts';

/** One way through a value that is to be recorded. */
export interface Walk {
  readonly clear: boolean;
  readonly hash: KeyedHash;
  readonly names: (key: string) => MemberName;
  readonly domain: readonly string[];
  /** The keyed hash of a JSON text at a pointer. */
  readonly hashAt: (json: string, pointer: string) => string;
  readonly concealed: readonly string[];
  readonly pace: Pace;
  /** The containers around the walk's place. */
  readonly path: object[];
  leaves: number;
  /** How many leaves the recorded ones stand for. */
  covered: number;
  characters: number;
  /** Bytes of the canonical JSON text of what was visited. */
  bytes: number;
  /** Not everything was visited. */
  stopped: boolean;
  readonly hidden: string[];
  readonly truncated: string[];
}

/** `stands`: how many leaves it stands for. */
export function countLeaf(walk: Walk, stands: number): void {
  walk.leaves += 1;
  walk.covered += stands;
}

/** True for a leaf that one step is enough for. */
export function isShort(value: unknown): value is string | number | boolean | null {
  if (typeof value === 'string') return value.length <= stepLength;
  return typeof value !== 'object' || value === null;
}

export function shortLeaf(
  walk: Walk,
  value: string | number | boolean | null,
  place: Place,
  binary = false,
): JsonValue {
  countLeaf(walk, 1);
  const json = JSON.stringify(value);
  walk.bytes += Buffer.byteLength(json);
  if (walk.clear && !place.secret) {
    if (typeof value !== 'string') {
      if (typeof value === 'number' && repeats(json, walk.concealed)) {
        note(walk, walk.hidden, place);
        return walk.hashAt(json, place.pointer);
      }
      walk.characters += 8;
      return value;
    }
    const look = lookOf(value, place, walk.concealed, binary);
    if (look === 'clear' && value.length <= maxTextLength) {
      walk.characters += value.length;
      return wellFormed(value);
    }
    return notInClear(walk, value, place, walk.hashAt(json, place.pointer), look);
  }
  if (place.secret) note(walk, walk.hidden, place);
  return walk.hashAt(json, place.pointer);
}

/** The same for a text of any length. */
export function* longLeaf(walk: Walk, text: string, place: Place, binary: boolean): Steps<JsonValue> {
  countLeaf(walk, 1);
  const { hashing, write } = hashingOf(walk, place.pointer);
  yield* longText(text, write, walk.pace);
  const hashed = hashing.digest();
  if (walk.clear && !place.secret) {
    return notInClear(walk, text, place, hashed, lookOf(text, place, walk.concealed, binary));
  }
  if (place.secret) note(walk, walk.hidden, place);
  return hashed;
}

/** A container that is recorded as one leaf: a secret one, or one that is nested too deep. */
export function* unopened(walk: Walk, value: object, place: Place): Steps<JsonValue> {
  const { hashing, write } = hashingOf(walk, place.pointer);
  const stands = yield* canonicalJson(value, { write, pace: walk.pace, depth: place.depth, maxDepth });
  countLeaf(walk, stands);
  note(walk, place.secret ? walk.hidden : walk.truncated, place);
  return hashing.digest();
}

/** The keyed hash of a long name, without domain: the name is the same everywhere. */
export function* nameHash(walk: Walk, name: string): Steps<string> {
  const domain = nameDomain(name);
  const hashing = walk.hash.begin(...domain);
  const escapes = domain.length > 1;
  for (let start = 0; start < name.length;) {
    let end = start + stepLength;
    const last = name.charCodeAt(end - 1);
    if (last >= 0xd800 && last <= 0xdbff) end -= 1;
    const piece = name.slice(start, end);
    hashing.update(escapes ? escapedPiece(piece) : piece);
    start = end;
    if (walk.pace.spend(stepLength)) yield;
  }
  yield* longText(name, (piece) => void (walk.bytes += Buffer.byteLength(piece)), walk.pace);
  walk.bytes += 1;
  return hashing.digest();
}

function notInClear(
  walk: Walk,
  text: string,
  place: Place,
  hashed: string,
  look: ReturnType<typeof lookOf>,
): JsonValue {
  if (look === 'secret') {
    note(walk, walk.hidden, place);
    return hashed;
  }
  note(walk, walk.truncated, place);
  const shown = look === 'encoded' ? lengthAndHash(text, hashed) : shortenedTo(text, maxTextLength, hashed);
  walk.characters += shown.length;
  return shown;
}

function hashingOf(walk: Walk, pointer: string): { hashing: HashInProgress; write: (piece: string) => void } {
  const hashing = walk.hash.begin(...walk.domain, pointer);
  return {
    hashing,
    write(piece) {
      walk.bytes += Buffer.byteLength(piece);
      hashing.update(piece);
    },
  };
}

function note(walk: Walk, list: string[], place: Place): void {
  const pointer = shownPointer(place);
  walk.characters += pointer.length;
  list.push(pointer);
}
