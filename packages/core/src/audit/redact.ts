import type { JsonValue } from '../call/json.ts';
import type { AuditLevel, AuditRedaction } from './audit-record.ts';
import { canonicalJson } from './canonical-json.ts';
import { jsonMember } from './json-value.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { createMemberNames, type MemberName } from './member-names.ts';
import { maxDepth, rootPlace } from './place.ts';
import type { Walk } from './redaction-leaf.ts';
import { visit } from './redaction-walk.ts';
import { finishSteps, Pace, type Steps } from './steps.ts';

export interface RedactOptions {
  readonly level: AuditLevel;
  readonly hash: KeyedHash;
  /** What the arguments belong to, such as `['arguments', 'acme', 'tool', 'transfer']`: the same value hashes equal only there. */
  readonly domain: readonly string[];
  /** JSON pointers (RFC 6901) of values never recorded in clear; the empty pointer is all of it. */
  readonly sensitive: readonly string[];
  /** Texts that are not to be recorded in clear wherever they stand. Default: none. */
  readonly concealed?: readonly string[];
  /** What is known of names already. Default: nothing. */
  readonly names?: (key: string) => MemberName;
}

export interface RedactedArguments {
  /** Absent when nothing can be recorded. */
  readonly arguments: JsonValue | undefined;
  readonly redaction: AuditRedaction;
}

/**
 * Arguments or a result as they may stand in a record.
 *
 * Level `metadata`: the structure with the keyed hash of each leaf in its place. Levels `request` and `full`: values in
 * clear but for what is sensitive by pointer, has a credential-like name, looks like a credential, or is JSON text with one of
 * these in it, which is replaced by its keyed hash and listed in `hidden`; long texts are cut, of encoded bytes only length and
 * hash are kept, and both are listed in `truncated`. At every level at most 256 leaves and 32,768 characters of names, listed
 * pointers and clear values are recorded, in document order; the rest is counted, and covered by one keyed hash of everything.
 *
 * A leaf's hash is that of its canonical JSON text (RFC 8785) with `domain` and its pointer; of a pointer beyond 512 characters a
 * keyed hash takes the place. Never throws: what is not JSON (a cycle, a getter that throws) is hidden as a whole.
 *
 * The work is linear in the length of the JSON text, whatever its shape: no part of it is hashed more than twice, and
 * nothing is built for what is only counted.
 */
export function redactArguments(value: JsonValue, options: RedactOptions): RedactedArguments {
  return finishSteps(redactInSteps(value, options));
}

/** The same in steps of some ten microseconds, for arguments of any size. */
export function* redactInSteps(value: JsonValue, options: RedactOptions): Steps<RedactedArguments> {
  try {
    return yield* redact(value, options);
  } catch {
    return { arguments: undefined, redaction: { level: options.level, bytes: 0, hidden: [''] } };
  }
}

function* redact(value: JsonValue, options: RedactOptions): Steps<RedactedArguments> {
  const { level, sensitive, hash, domain, concealed = [] } = options;
  const root = jsonMember(value, '');
  if (root === undefined) throw new TypeError('not JSON');
  const walk: Walk = {
    clear: level !== 'metadata',
    hash,
    names: options.names ?? createMemberNames(hash),
    domain,
    hashAt: hash.within(...domain),
    concealed,
    pace: new Pace(),
    path: [],
    leaves: 0,
    covered: 0,
    characters: 0,
    bytes: 0,
    stopped: false,
    hidden: [],
    truncated: [],
  };
  const recorded = yield* visit(walk, root, rootPlace({ hash, domain, sensitive }));
  const rest = walk.stopped ? yield* digestAll(walk, value) : undefined;
  return {
    arguments: recorded,
    redaction: {
      level,
      bytes: rest?.bytes ?? walk.bytes,
      ...(rest !== undefined && { digestedLeaves: rest.leaves - walk.covered, digest: rest.digest }),
      ...(walk.hidden.length > 0 && { hidden: walk.hidden }),
      ...(walk.truncated.length > 0 && { truncated: walk.truncated }),
    },
  };
}

/** What covers everything when not every leaf is recorded. */
function* digestAll(
  { hash, domain, pace }: Walk,
  value: JsonValue,
): Steps<{ readonly leaves: number; readonly bytes: number; readonly digest: string }> {
  yield;
  const hashing = hash.begin(...domain);
  let bytes = 0;
  const write = (piece: string): void => {
    bytes += Buffer.byteLength(piece);
    hashing.update(piece);
  };
  const leaves = yield* canonicalJson(value, { write, pace, depth: 0, maxDepth });
  return { leaves, bytes, digest: hashing.digest() };
}
