import { member, systemClock, type Clock, type JsonValue } from '@sallyport/core';
import { checkIssuerOptions } from '../authenticator/check-issuer-options.ts';
import type { IssuerOptions } from '../authenticator/issuer-options.ts';
import { signatureAlgorithms } from '../jwt/algorithms.ts';
import { createAddressPolicy } from '../keys/address-policy.ts';
import { readEndpoint } from '../keys/discover-jwks-uri.ts';
import { metadataUrls, readJsonDocument } from '../keys/discover-metadata.ts';
import { fetchDocument, FetchProblem, type FetchedDocument } from '../keys/fetch-document.ts';
import { keySetMembers, readKeySet } from '../keys/key-set.ts';
import type { SkippedKey, VerificationKey } from '../keys/verification-key.ts';
import { isTenantTemplate, metadataOfTemplate } from '../profile/tenant-template.ts';

export interface InspectIssuerOptions {
  /** Allow http issuers on loopback. Default false. */
  readonly dangerouslyAllowInsecureIssuers?: boolean | undefined;
  /** Milliseconds for each document. Default 5000. */
  readonly timeoutMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** One place where the metadata of an issuer may be, and what was there. */
export interface InspectedMetadata {
  readonly url: string;
  /** Why there is no document that can be read. */
  readonly problem?: string;
  /** The `issuer` that the document names. Untrusted text. */
  readonly issuer?: string;
}

/** A published key that is for signatures. */
export interface InspectedKey {
  readonly kid: string | null;
  readonly kty: string;
  /** Why nothing it signs is accepted. */
  readonly problem?: string;
  /** The allowed algorithms it can be used with. Empty: the list of algorithms rules it out. */
  readonly algorithms: readonly string[];
}

/** What an issuer publishes, fetched under the rules a server fetches it under. */
export interface IssuerInspection {
  readonly issuer: string;
  readonly attempts: readonly InspectedMetadata[];
  /** The first document that names exactly this issuer. Untrusted content. */
  readonly metadata?: JsonValue;
  readonly jwksUri?: string;
  readonly keys?: readonly InspectedKey[];
  /** How many members of the key set are not used at all, by cause. */
  readonly skipped?: ReadonlyMap<SkippedKey, number>;
  /** Key ids that several keys have. */
  readonly ambiguous?: readonly string[];
  readonly keysProblem?: string;
  /** By how many milliseconds the issuer's clock is ahead of ours, to about a second; absent when it does not say. */
  readonly clockAheadMs?: number;
}

/** Fetches the metadata and the keys of an issuer and tells what is there. Throws `SetupError` when the options are wrong. */
export async function inspectIssuer(
  options: IssuerOptions,
  context: InspectIssuerOptions = {},
): Promise<IssuerInspection> {
  const { dangerouslyAllowInsecureIssuers: loopback = false, timeoutMs = 5_000, clock = systemClock } = context;
  const { jwksUri } = checkIssuerOptions(options, 'issuer', loopback);
  const secure = createAddressPolicy({
    allowPrivateAddresses: options.allowPrivateAddresses ?? false,
    allowLoopback: loopback,
  });
  const insecure = createAddressPolicy({ allowPrivateAddresses: false, allowLoopback: true });
  let clockAheadMs: number | undefined;
  const get = async (url: URL): Promise<FetchedDocument> => {
    const before = clock.now();
    const document = await fetchDocument(url, {
      signal: AbortSignal.timeout(timeoutMs),
      addresses: url.protocol === 'https:' ? secure : insecure,
      accept: 'application/json',
      maxBytes: 1_048_576,
    });
    // `Date` names the second in which the answer was made.
    const date = Date.parse(document.date ?? '');
    if (!Number.isNaN(date)) clockAheadMs = date + 500 - (before + clock.now()) / 2;
    return document;
  };
  const found = await findMetadata(options.issuer, get);
  const location = locate(jwksUri, found.metadata, loopback);
  const keys = typeof location === 'string' ? { keysProblem: location } : await readKeys(location, options, get);
  return { issuer: options.issuer, ...found, ...keys, ...(clockAheadMs !== undefined && { clockAheadMs }) };
}

async function findMetadata(
  issuer: string,
  get: (url: URL) => Promise<FetchedDocument>,
): Promise<Pick<IssuerInspection, 'attempts' | 'metadata'>> {
  const attempts: InspectedMetadata[] = [];
  for (const url of metadataUrls(isTenantTemplate(issuer) ? metadataOfTemplate(issuer) : issuer)) {
    try {
      const metadata = readJsonDocument(await get(url), ['application/json']);
      const named = member(metadata, 'issuer');
      attempts.push({
        url: url.href,
        ...(typeof named === 'string' ? { issuer: named } : { problem: 'the document names no issuer' }),
      });
      if (named === issuer) return { attempts, metadata };
    } catch (error) {
      attempts.push({ url: url.href, problem: wordsOf(error) });
    }
  }
  return { attempts };
}

function locate(configured: URL | undefined, metadata: JsonValue | undefined, loopback: boolean): URL | string {
  if (configured !== undefined) return configured;
  if (metadata === undefined) return 'without metadata nobody knows where its keys are';
  try {
    return readEndpoint(metadata, 'jwks_uri', loopback);
  } catch (error) {
    return wordsOf(error);
  }
}

async function readKeys(
  url: URL,
  options: IssuerOptions,
  get: (url: URL) => Promise<FetchedDocument>,
): Promise<Pick<IssuerInspection, 'jwksUri' | 'keys' | 'skipped' | 'ambiguous' | 'keysProblem'>> {
  const jwksUri = url.href;
  try {
    const members = keySetMembers(
      readJsonDocument(await get(url), ['application/jwk-set+json', 'application/json']),
      100,
    );
    if (typeof members === 'string') return { jwksUri, keysProblem: members };
    const { keys, skipped, ambiguous } = readKeySet(members);
    return { jwksUri, keys: keys.map((key) => describe(key, options.algorithms)), skipped, ambiguous };
  } catch (error) {
    return { jwksUri, keysProblem: wordsOf(error) };
  }
}

function describe({ kid, kty, crv, alg, material }: VerificationKey, allowed: readonly string[]): InspectedKey {
  const algorithms = allowed.filter((name) => {
    const needed = signatureAlgorithms.get(name);
    return needed?.kty === kty && needed.crv === crv && (alg === undefined || alg === name);
  });
  return { kid: kid ?? null, kty: crv ?? kty, algorithms, ...('problem' in material && { problem: material.problem }) };
}

function wordsOf(error: unknown): string {
  if (error instanceof FetchProblem) return error.message;
  throw error;
}
