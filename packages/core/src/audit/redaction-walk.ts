import type { JsonValue } from '../call/json.ts';
import { isCredentialName } from './credential-name.ts';
import { repeats } from './clear-text.ts';
import { setMember } from './json-tree.ts';
import { jsonMember } from './json-value.ts';
import { childPlace, maxDepth, maxPointerLength, type Child, type Place } from './place.ts';
import { isPairedElement, isPairedSecret } from './paired-name.ts';
import { hashedNameOf, maxNameLength, recordedName } from './recorded-text.ts';
import { countLeaf, isShort, longLeaf, nameHash, shortLeaf, unopened, type Walk } from './redaction-leaf.ts';
import type { Steps } from './steps.ts';

/** Leaves recorded one by one. */
const maxLeaves = 256;
/** Characters of names, listed pointers and clear values recorded. */
const maxCharacters = 32_768;
/** What a member counts beyond its name: many short ones cost as much as few long ones. */
const memberCharacters = 8;
/** Members whose names take a while to be listed. */
const manyMembers = 1_000;

/** A value as it may be recorded. `binary`: it is bytes written as text. */
export function* visit(walk: Walk, value: unknown, place: Place, binary = false): Steps<JsonValue> {
  if (typeof value !== 'object' || value === null) {
    if (isShort(value)) return shortLeaf(walk, value, place, binary);
    return typeof value === 'string' ? yield* longLeaf(walk, value, place, binary) : null;
  }
  if (walk.path.includes(value)) throw new TypeError('it holds itself');
  if (place.secret || place.depth >= maxDepth) return yield* unopened(walk, value, place);
  walk.path.push(value);
  const recorded = Array.isArray(value)
    ? yield* visitArray(walk, value, place)
    : yield* visitObject(walk, value, place);
  walk.path.pop();
  return recorded;
}

function* visitArray(walk: Walk, list: readonly unknown[], place: Place): Steps<JsonValue> {
  const recorded: JsonValue[] = [];
  const { length } = list;
  walk.bytes += 2 + Math.max(0, length - 1);
  if (length === 0) countLeaf(walk, 1);
  let previous: unknown;
  for (let index = 0; index < length && !stops(walk); index++) {
    const key = String(index);
    const value = jsonMember(list[index], key) ?? null;
    const credential = isPairedElement(length, index, previous, value);
    previous = value;
    const child = childPlace(place, { key, name: key, credential });
    recorded.push(isShort(value) ? shortLeaf(walk, value, child) : yield* visit(walk, value, child));
    if (spend(walk, value)) yield;
  }
  return recorded;
}

function* visitObject(walk: Walk, object: object, place: Place): Steps<JsonValue> {
  const recorded: Record<string, JsonValue> = {};
  const members = object as Readonly<Record<string, unknown>>;
  let written = 0;
  const keys = Object.keys(object);
  if (keys.length > manyMembers) yield;
  for (const key of keys) {
    const value = jsonMember(members[key], key);
    if (value === undefined) continue;
    if (stops(walk)) return recorded;
    written += 1;
    const member = key.length > maxPointerLength ? yield* longName(walk, key) : shortName(walk, key);
    // A changed name has cost a hash.
    walk.characters += memberCharacters + (member.name === key ? key.length : maxNameLength);
    const child = childPlace(place, isPairedSecret(object, key) ? { ...member, credential: true } : member);
    const binary = (key === 'data' || key === 'blob') && typeof members['mimeType'] === 'string';
    setMember(
      recorded,
      member.name,
      isShort(value) ? shortLeaf(walk, value, child, binary) : yield* visit(walk, value, child, binary),
    );
    if (spend(walk, value)) yield;
  }
  if (written === 0) countLeaf(walk, 1);
  walk.bytes += 2 + Math.max(0, written - 1);
  return recorded;
}

function shortName(walk: Walk, key: string): Child {
  const { name, credential, bytes } = walk.names(key);
  walk.bytes += bytes;
  const shown = repeats(key, walk.concealed) ? hashedNameOf(key, walk.hash) : name;
  return { key, hashed: undefined, name: shown, credential };
}

function* longName(walk: Walk, key: string): Steps<Child> {
  const hashed = yield* nameHash(walk, key);
  const name = repeats(key, walk.concealed) ? hashed : recordedName(key, walk.hash, hashed);
  return { key, hashed, name, credential: isCredentialName(key) };
}

/** Counts the work of a child. A hash costs as much as writing some hundred characters; a text in clear is looked through. */
function spend({ pace, clear }: Walk, value: unknown): boolean {
  return pace.spend(256 + (typeof value === 'string' ? value.length * (clear ? 4 : 1) : 0));
}

/** Whether the record is full, so that nothing more of the value is visited, anywhere. */
function stops(walk: Walk): boolean {
  walk.stopped ||= walk.leaves >= maxLeaves || walk.characters >= maxCharacters;
  return walk.stopped;
}
