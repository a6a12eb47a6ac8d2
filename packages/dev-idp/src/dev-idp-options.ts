import type { DevResource } from './directory/dev-resource.ts';
import { demoUsers, type DevUser } from './directory/demo-users.ts';
import { isSigningAlgorithm, signingAlgorithms, type SigningAlgorithm } from './keys/signing-keys.ts';
import { isDocumentUrl, type ClientIdMetadataDocuments } from './provider/client-documents.ts';

export interface DevIdpOptions {
  /** The loopback address to listen on. Default `127.0.0.1`. Nothing else than loopback is accepted. */
  readonly host?: '127.0.0.1' | '::1';
  /** Default 0: a free port. */
  readonly port?: number;
  /**
   * The resource servers; a string is short for one with JWTs. The first is meant when a client names none.
   * Default: `http://127.0.0.1:8080/mcp` with JWTs and `http://127.0.0.1:8080/opaque` with opaque tokens.
   */
  readonly resources?: readonly (string | DevResource)[];
  /** The scopes every resource knows that does not list its own. Default: those of the target server. */
  readonly scopes?: readonly string[];
  /** Default: `alice`, who may be granted any scope, and `bob`, who may be granted none. */
  readonly users?: readonly DevUser[];
  /** How JWT access tokens are signed. Default `RS256`. */
  readonly algorithm?: SigningAlgorithm;
  /** Lifetime of access tokens, in seconds. Default 3600. */
  readonly accessTokenSeconds?: number;
  /**
   * Demands a nonce of the provider in DPoP proofs at its token endpoint (RFC 9449 §8). Default false. Clients that send no proof get
   * bearer tokens either way.
   */
  readonly dpopNonces?: boolean;
  /**
   * Lets https URLs be client ids, whose metadata is found there (OAuth Client ID Metadata Document): the documents by URL, and then
   * nothing is fetched, or `fetch` for whatever a client names, and then the provider asks the public network. Redirect URIs in them
   * that are not on this machine are left out. Default: no such client is known, and the provider asks nobody anything.
   */
  readonly clientIdMetadataDocuments?: ClientIdMetadataDocuments;
  /** Leaves out the warning on stderr that this is for development only. Default false. */
  readonly quiet?: boolean;
}

export interface ResolvedOptions {
  readonly host: string;
  readonly port: number;
  readonly resources: readonly Required<DevResource>[];
  readonly scopes: readonly string[];
  readonly users: ReadonlyMap<string, DevUser>;
  readonly algorithm: SigningAlgorithm;
  readonly accessTokenSeconds: number;
  readonly dpopNonces: boolean;
  readonly clientIdMetadataDocuments: ClientIdMetadataDocuments | undefined;
  readonly quiet: boolean;
}

const names: ReadonlySet<string> = new Set([
  'host',
  'port',
  'resources',
  'scopes',
  'users',
  'algorithm',
  'accessTokenSeconds',
  'dpopNonces',
  'clientIdMetadataDocuments',
  'quiet',
] satisfies (keyof DevIdpOptions)[]);

const defaultScopes = [
  'notes:read',
  'notes:write',
  'notes:admin',
  'echo:call',
  'payments:write',
  'payments:large',
  'reports:run',
  'config:read',
];

const defaultResources: readonly DevResource[] = [
  { resource: 'http://127.0.0.1:8080/mcp' },
  { resource: 'http://127.0.0.1:8080/opaque', tokens: 'opaque' },
];

/** Fills the defaults in. Throws a `TypeError` of one line that names the option, also for what the types rule out. */
export function resolveOptions(options: DevIdpOptions): ResolvedOptions {
  for (const name of Object.keys(options)) check(names.has(name), name, 'is not an option');
  const { host = '127.0.0.1', port = 0, algorithm = 'RS256', accessTokenSeconds = 3600 } = options;
  const { dpopNonces = false, quiet = false, clientIdMetadataDocuments } = options;
  check(
    host === '127.0.0.1' || host === '::1',
    'host',
    `is ${JSON.stringify(host)}; only 127.0.0.1 and ::1 are accepted`,
  );
  check(Number.isInteger(port) && port >= 0 && port <= 65_535, 'port', 'must be an integer from 0 to 65535');
  check(isSigningAlgorithm(algorithm), 'algorithm', `must be one of ${signingAlgorithms.join(', ')}`);
  check(
    Number.isSafeInteger(accessTokenSeconds) && accessTokenSeconds > 0,
    'accessTokenSeconds',
    'must be a positive integer',
  );
  check(typeof dpopNonces === 'boolean', 'dpopNonces', 'must be true or false');
  check(typeof quiet === 'boolean', 'quiet', 'must be true or false');
  check(
    clientIdMetadataDocuments === undefined || isDocuments(clientIdMetadataDocuments),
    'clientIdMetadataDocuments',
    'must be "fetch" or an object of documents by https URL',
  );
  const scopes = checkScopes(options.scopes ?? defaultScopes, 'scopes');
  const users = checkUsers(options.users ?? demoUsers);
  const given = options.resources ?? defaultResources;
  check(isList(given) && given.length > 0, 'resources', 'must be a list of at least one');
  const resources = given.map((resource, index) =>
    resolveResource(resource, { scopes, algorithm }, `resources[${index}]`),
  );
  const values = { host, port, resources, scopes, users, algorithm, accessTokenSeconds, dpopNonces, quiet };
  return { ...values, clientIdMetadataDocuments };
}

/** Fills in what a resource leaves out. Throws like `resolveOptions`. */
export function resolveResource(
  given: string | DevResource,
  defaults: { readonly scopes: readonly string[]; readonly algorithm: SigningAlgorithm },
  name: string,
): Required<DevResource> {
  const value = typeof given === 'string' ? { resource: given } : given;
  const { resource, tokens = 'jwt', scopes = defaults.scopes, algorithm = defaults.algorithm } = value;
  check(
    typeof resource === 'string' && URL.canParse(resource) && !resource.includes('#'),
    `${name}.resource`,
    'must be an absolute URI without fragment',
  );
  check(tokens === 'jwt' || tokens === 'opaque', `${name}.tokens`, 'must be "jwt" or "opaque"');
  check(isSigningAlgorithm(algorithm), `${name}.algorithm`, `must be one of ${signingAlgorithms.join(', ')}`);
  return { resource, tokens, scopes: checkScopes(scopes, `${name}.scopes`), algorithm };
}

function checkUsers(users: readonly DevUser[]): ReadonlyMap<string, DevUser> {
  check(isList(users) && users.length > 0, 'users', 'must be a list of at least one');
  const byName = new Map<string, DevUser>();
  for (const [index, { name, scopes }] of users.entries()) {
    check(typeof name === 'string' && name !== '', `users[${index}].name`, 'must be a string that is not empty');
    check(!byName.has(name), `users[${index}].name`, `is used twice: ${JSON.stringify(name)}`);
    byName.set(name, { name, scopes: scopes === 'any' ? scopes : checkScopes(scopes, `users[${index}].scopes`) });
  }
  return byName;
}

function isDocuments(value: unknown): boolean {
  if (value === 'fetch') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([url, document]) => isDocumentUrl(url) && typeof document === 'object');
}

function checkScopes(scopes: readonly string[], name: string): readonly string[] {
  const valid = isList(scopes) && scopes.every((scope) => typeof scope === 'string' && isScopeToken(scope));
  check(valid, name, 'must be a list of scope tokens (RFC 6749 §3.3)');
  return Object.freeze([...scopes]);
}

function isScopeToken(scope: string): boolean {
  return /^[\x21\x23-\x5B\x5D-\x7E]+$/u.test(scope);
}

function check(condition: boolean, name: string, problem: string): asserts condition {
  if (!condition) throw new TypeError(`dev IdP: ${name} ${problem}`);
}

/** `Array.isArray` without its narrowing, which turns a read-only list into a list of anything. */
function isList(value: unknown): boolean {
  return Array.isArray(value);
}
