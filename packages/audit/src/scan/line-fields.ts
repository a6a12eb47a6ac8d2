import { skipString, skipValue } from '../verify/json-bytes.ts';

/** A member of a record, or of one of its objects: `['decision', 'effect']`. */
export type FieldPath = readonly [name: string, member?: string];

const comma = 0x2c;
const colon = 0x3a;
const quote = 0x22;
const openObject = 0x7b;
const closeObject = 0x7d;

/** Names of members by their length, first and last byte. */
interface NameTable {
  /** Index in `entries`, or 0. */
  readonly index: Int16Array;
  /** The first one stands for all other names. */
  readonly entries: readonly NameEntry[];
}

interface NameEntry {
  readonly name: Uint8Array;
  /** Of the value, or -1. */
  readonly slot: number;
  /** What is looked for in it. */
  readonly members: NameTable | undefined;
  /** The line in which it was last seen. */
  line: number;
}

const tableSize = 1024;

/** Notes where members stand in a line of JSON while it is scanned, so that it need not be parsed to get at them. */
export class LineFields {
  /** Where the value of each path begins, in the order of the paths; -1 where the line has none. Of a name twice the last counts. */
  readonly starts: Int32Array;
  /** Where it ends. */
  readonly ends: Int32Array;
  readonly #names: NameTable;
  #line = 0;

  constructor(paths: readonly FieldPath[]) {
    this.starts = new Int32Array(paths.length);
    this.ends = new Int32Array(paths.length);
    this.#names = createNames(paths.map((path, slot) => ({ path, slot })));
  }

  /** Begins with another line. */
  begin(): void {
    this.starts.fill(-1);
    this.#line += 1;
  }

  /** The index behind the value of a member of the line, whose name stands between two indexes, or -1 as from `skipValue`. */
  skip(bytes: Uint8Array, name: number, nameEnd: number, value: number): number {
    return this.#member(bytes, name, nameEnd, value, this.#names);
  }

  #member(bytes: Uint8Array, name: number, nameEnd: number, value: number, { index, entries }: NameTable): number {
    const key = keyOf(nameEnd - name, bytes[name] as number, bytes[nameEnd - 1] as number);
    const entry = entries[index[key] as number] as NameEntry;
    if (!isName(bytes, name, nameEnd, entry.name)) return skipValue(bytes, value);
    const { slot, members } = entry;
    if (members !== undefined) {
      // What a second object of the name does not have is not there.
      if (entry.line === this.#line) for (const member of members.entries) this.starts[member.slot] = -1;
      entry.line = this.#line;
    }
    const isObject = members !== undefined && bytes[value] === openObject && bytes[value + 1] !== closeObject;
    const end = isObject ? this.#object(bytes, value, members) : skipValue(bytes, value);
    if (slot !== -1) {
      this.starts[slot] = value;
      this.ends[slot] = end;
    }
    return end;
  }

  #object(bytes: Uint8Array, start: number, names: NameTable): number {
    let at = start;
    do {
      const name = at + 1;
      if (bytes[name] !== quote) return -1;
      const nameEnd = skipString(bytes, name);
      if (nameEnd === -1 || bytes[nameEnd] !== colon) return -1;
      at = this.#member(bytes, name + 1, nameEnd - 1, nameEnd + 1, names);
      if (at === -1) return -1;
    } while (bytes[at] === comma);
    return bytes[at] === closeObject ? at + 1 : -1;
  }
}

function createNames(paths: readonly { readonly path: FieldPath; readonly slot: number }[]): NameTable {
  const index = new Int16Array(tableSize);
  // No name has no bytes and begins with one, so nothing is taken for the first entry.
  const entries: NameEntry[] = [{ name: Buffer.alloc(0), slot: -1, members: undefined, line: 0 }];
  for (const name of new Set(paths.map(({ path }) => path[0]))) {
    const own = paths.find(({ path }) => path[0] === name && path[1] === undefined);
    const inner = paths.flatMap(({ path: [first, second], slot }) =>
      first === name && second !== undefined ? [{ path: [second] as FieldPath, slot }] : [],
    );
    const bytes = Buffer.from(name);
    const key = keyOf(bytes.length, bytes[0] ?? 0, bytes.at(-1) ?? 0);
    if (index[key] !== 0) throw new Error(`${name} can not be told from another name`);
    index[key] = entries.length;
    entries.push({
      name: bytes,
      slot: own?.slot ?? -1,
      members: inner.length === 0 ? undefined : createNames(inner),
      line: 0,
    });
  }
  return { index, entries };
}

function keyOf(length: number, first: number, last: number): number {
  return (length * 131 + first * 31 + last) & (tableSize - 1);
}

function isName(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let at = 0; at < name.length; at += 1) if (bytes[start + at] !== name[at]) return false;
  return true;
}
