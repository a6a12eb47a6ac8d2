import {
  isJsonObject,
  redactArguments,
  sessionIdDomain,
  SetupError,
  subjectDomain,
  tokenIdDomain,
  valueDomain,
  type AuditTarget,
  type JsonValue,
  type KeyedHash,
} from '@sallyport/core';

/** What a value is, which decides its hash. */
export type HashedThing =
  | {
      readonly kind: 'argument' | 'result';
      readonly target: AuditTarget;
      /** JSON pointer (RFC 6901). */
      readonly path: string;
      readonly tenant: string | undefined;
    }
  | { readonly kind: 'subject'; readonly issuer: string; readonly tenant: string | undefined }
  | { readonly kind: 'token-id' | 'session-id'; readonly issuer: string };

/**
 * The keyed hash that stands in records for a value.
 *
 * @throws SetupError `ERR_CLI_USAGE` when no record has a hash for it alone.
 */
export function hashValue(value: JsonValue, thing: HashedThing, hash: KeyedHash): string {
  switch (thing.kind) {
    case 'subject':
      return hash.hash(requireText(value), ...subjectDomain(thing.issuer, thing.tenant));
    case 'token-id':
      return hash.hash(requireText(value), ...tokenIdDomain(thing.issuer));
    case 'session-id':
      return hash.hash(requireText(value), ...sessionIdDomain(thing.issuer));
    default:
      return hashLeaf(
        value,
        thing.path,
        hash,
        valueDomain(thing.kind === 'result' ? 'result' : 'arguments', thing.tenant, thing.target),
      );
  }
}

/** By the very code that writes records: what it leaves of an object with this value and nothing else. */
function hashLeaf(value: JsonValue, path: string, hash: KeyedHash, domain: readonly string[]): string {
  const names = path === '' ? [] : path.slice(1).split('/').map(unescaped);
  const whole = names.reduceRight<JsonValue>((inner, name) => ({ [name]: inner }), value);
  const { arguments: recorded } = redactArguments(whole, { level: 'metadata', hash, domain, sensitive: [path] });
  let found: JsonValue | undefined = recorded;
  for (const index of names.keys()) {
    if (typeof found === 'string') throw hiddenAbove(names.slice(0, index));
    found = isJsonObject(found) ? Object.values(found)[0] : undefined;
  }
  if (typeof found !== 'string') throw hiddenAbove(names);
  return found;
}

function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}

function hiddenAbove(names: readonly string[]): SetupError {
  return new SetupError({
    code: 'ERR_CLI_USAGE',
    field: '--path',
    problem: `what stands at /${names.join('/')} is recorded as one hash, for its name or its depth`,
    remedy: 'name that place, and give all of its value with --json-value',
  });
}

function requireText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  throw new SetupError({
    code: 'ERR_CLI_USAGE',
    field: '--json-value',
    problem: 'subjects and ids are texts',
    remedy: 'leave --json-value out',
  });
}
