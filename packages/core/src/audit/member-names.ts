import { isCredentialName } from './credential-name.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { recordedName } from './recorded-text.ts';

/** What a member's name says, however often it comes. */
export interface MemberName {
  /** As it may be recorded. */
  readonly name: string;
  /** It is the name of a credential. */
  readonly credential: boolean;
  /** Bytes of the name and its colon in canonical JSON. */
  readonly bytes: number;
}

/** Longer names, and more of them, are looked at each time. */
const maxLength = 64;
const maxNames = 2_048;

/**
 * Knows names that have come before: the arguments of a tool have the same ones in every call. Bounded, and emptied when it is full,
 * so that names nobody will send again cost no more than a look at each.
 */
export function createMemberNames(hash: KeyedHash): (key: string) => MemberName {
  const known = new Map<string, MemberName>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const name = {
      name: recordedName(key, hash),
      credential: isCredentialName(key),
      bytes: Buffer.byteLength(JSON.stringify(key)) + 1,
    };
    if (key.length > maxLength) return name;
    if (known.size >= maxNames) known.clear();
    known.set(key, name);
    return name;
  };
}
