/// <reference lib="es2024.string" />

import { prefixOf, wellFormed } from '../text/bounded-text.ts';
import { looksLikeCredential } from './credential-like.ts';
import { isEncoded } from './encoded-text.ts';
import type { KeyedHash } from './keyed-hash.ts';

/** How much of a long text is looked through for credentials beyond what is recorded: one that is cut is still one. */
export const lookAhead = 8_192;

/** Longest name of a member in characters. */
export const maxNameLength = 128;

/**
 * A text with its end replaced by its length and keyed hash, at most `maxLength` characters in all, so that different texts
 * stay different. Of what reads like encoded bytes nothing else is kept. `maxLength` must be at least 128.
 */
export function shortened(text: string, maxLength: number, hash: KeyedHash, ...domain: string[]): string {
  return shortenedTo(text, maxLength, hash.hash(text, ...domain));
}

/** The same for who has the hash already. */
export function shortenedTo(text: string, maxLength: number, hashed: string): string {
  const marker = lengthAndHash(text, hashed);
  return isEncoded(text) ? marker : prefixOf(text, maxLength - marker.length) + marker;
}

/** What stands in for a text of which nothing is recorded but its length and keyed hash. */
export function lengthAndHash(text: string, hashed: string): string {
  return `… (${text.length} characters, ${hashed})`;
}

/** Whether the part of a text that would be recorded holds something that looks like a credential. */
export function holdsCredential(text: string, maxLength: number): boolean {
  return looksLikeCredential(text.length > maxLength + lookAhead ? text.slice(0, maxLength + lookAhead) : text);
}

/**
 * An untrusted text as it may stand in a record: well-formed, at most `maxLength` characters (a longer one ends in its
 * length and keyed hash), and nothing but its keyed hash when it looks like a credential.
 */
export function recordedText(text: string, maxLength: number, hash: KeyedHash): string {
  if (holdsCredential(text, maxLength)) return hash.hash(text, 'text');
  return text.length > maxLength ? shortened(text, maxLength, hash, 'text') : wellFormed(text);
}

/**
 * A member's name as it may stand in a record: at most 128 characters, invisible and control characters written as `\u{…}`,
 * a name that looks like a credential as its keyed hash. A changed name ends in part of its keyed hash, so that no two
 * names become one. Who has the hash of a long name already (domain `name`) hands it in.
 */
export function recordedName(name: string, hash: KeyedHash, known?: string): string {
  if (name.length <= maxNameLength && isPlainName(name) && !looksLikeCredential(name)) return name;
  const hashed = known ?? hashedNameOf(name, hash);
  if (holdsCredential(name, maxNameLength)) return hashed;
  const visible = prefixOf(name, 108).replaceAll(/\p{C}/gu, escapeCharacter);
  return `${prefixOf(visible, 108)}…${hashed.slice(-12)}`;
}

/**
 * What a name is hashed as, and in which domain. Hashes take lone surrogates for U+FFFD, and two names must not become one: a name
 * with such a character is hashed as JSON writes it.
 */
export function nameDomain(name: string): readonly string[] {
  return name.isWellFormed() ? ['name'] : ['name', 'escaped'];
}

/** The same for a piece of a name that may not be well-formed. */
export function escapedPiece(piece: string): string {
  return JSON.stringify(piece).slice(1, -1);
}

/** The keyed hash of a name. */
export function hashedNameOf(name: string, hash: KeyedHash): string {
  return hash.hash(name.isWellFormed() ? name : escapedPiece(name), ...nameDomain(name));
}

function isPlainName(name: string): boolean {
  return !/\p{C}/u.test(name);
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}
