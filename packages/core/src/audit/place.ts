import { wellFormed } from '../text/bounded-text.ts';
import { escapePointer } from './json-tree.ts';
import type { KeyedHash } from './keyed-hash.ts';

/** Longest pointer that is hashed or recorded as it is, in characters. */
export const maxPointerLength = 512;
/** Levels of nesting recorded; what lies deeper is one leaf. */
export const maxDepth = 32;

/** Where a value stands in what is being redacted. */
export interface Place {
  readonly rules: PlaceRules;
  /** What names the place in hashes: its pointer or, where that is too long, a keyed hash in its stead. */
  readonly pointer: string;
  /** The pointer for comparison; absent when it is longer than every sensitive one, so that nothing below can be one. */
  readonly compared: string | undefined;
  /** The pointer as it may be recorded; not continued beyond what is recorded. */
  readonly shown: string;
  readonly depth: number;
  /** Never to be recorded in clear. */
  readonly secret: boolean;
}

interface PlaceRules {
  readonly hash: KeyedHash;
  readonly domain: readonly string[];
  readonly sensitive: ReadonlySet<string>;
  /** Length of the longest sensitive pointer. */
  readonly longest: number;
}

export interface RootPlaceOptions {
  readonly hash: KeyedHash;
  readonly domain: readonly string[];
  /** JSON pointers (RFC 6901). */
  readonly sensitive: readonly string[];
}

export function rootPlace(options: RootPlaceOptions): Place {
  const { hash, domain } = options;
  const sensitive = new Set<string>();
  let longest = 0;
  for (const written of options.sensitive) {
    // A pointer without its slash was meant to have one.
    const pointer = written === '' || written.startsWith('/') ? written : `/${written}`;
    sensitive.add(pointer);
    longest = Math.max(longest, pointer.length);
  }
  const rules = { hash, domain, sensitive, longest };
  return { rules, pointer: '', compared: '', shown: '', depth: 0, secret: sensitive.has('') };
}

/** The place where another value begins to which the same rules apply. */
export function rootPlaceOf({ rules }: Place): Place {
  return { rules, pointer: '', compared: '', shown: '', depth: 0, secret: rules.sensitive.has('') };
}

export interface Child {
  /** Its name as it is. */
  readonly key: string;
  /** Keyed hash of the name; needed when that is longer than `maxPointerLength`. */
  readonly hashed?: string | undefined;
  /** Its name as it may be recorded. */
  readonly name: string;
  /** The name says that the value is a credential. */
  readonly credential: boolean;
}

/**
 * The place of a child. A pointer can be as long as the whole text and have hundreds of leaves below it: one that grows
 * beyond `maxPointerLength` is replaced by the keyed hash of its last name with the parent's place as domain, so that each
 * name is hashed once and not once for each leaf.
 */
export function childPlace(parent: Place, child: Child): Place {
  const { rules } = parent;
  const { key, hashed, name } = child;
  const step = hashed === undefined ? `/${escapePointer(key)}` : undefined;
  const compared = comparedBelow(parent, key, step);
  return {
    rules,
    pointer:
      step !== undefined && parent.pointer.length + step.length <= maxPointerLength
        ? parent.pointer + step
        : rules.hash.hash(hashed ?? key, ...rules.domain, 'pointer', parent.pointer),
    compared,
    shown:
      parent.shown.length > maxPointerLength
        ? parent.shown
        : parent.shown + (name === key && step !== undefined ? step : `/${escapePointer(name)}`),
    depth: parent.depth + 1,
    secret: child.credential || (compared !== undefined && rules.sensitive.has(compared)),
  };
}

function comparedBelow({ rules, compared }: Place, key: string, step: string | undefined): string | undefined {
  if (compared === undefined || compared.length + 1 + key.length > rules.longest) return undefined;
  return compared + (step ?? `/${escapePointer(key)}`);
}

/** The pointer of a place for a list in a record. */
export function shownPointer({ shown }: Place): string {
  return shown.length > maxPointerLength ? `${wellFormed(shown.slice(0, maxPointerLength))}…` : shown;
}
