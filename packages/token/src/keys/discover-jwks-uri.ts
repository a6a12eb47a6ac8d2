import { isJsonObject, member, parseStrictJson, type JsonValue } from '@sallyport/core';
import { FetchProblem, type FetchedDocument } from './fetch-document.ts';
import { readOutboundUrl } from './outbound-url.ts';

const JSON_DEPTH = 32;

export interface DiscoverJwksUriOptions {
  readonly issuer: string;
  readonly allowInsecureLoopback: boolean;
  /** Fetches one metadata document; rejects with `FetchProblem`. */
  fetch(url: URL): Promise<FetchedDocument>;
}

/**
 * Finds the issuer's `jwks_uri` in its metadata. The documents of `metadataUrls` are tried in order; the first whose `issuer` is exactly
 * ours and whose `jwks_uri` may be fetched wins, so that a document of somebody else's decides nothing (RFC 8414 §3.3).
 *
 * Rejects with `FetchProblem` when none does.
 */
export async function discoverJwksUri(options: DiscoverJwksUriOptions): Promise<URL> {
  const problems: string[] = [];
  for (const url of metadataUrls(options.issuer)) {
    try {
      return readJwksUri(await options.fetch(url), options);
    } catch (error) {
      if (!(error instanceof FetchProblem)) throw error;
      problems.push(`${url.pathname}: ${error.message}`);
    }
  }
  throw new FetchProblem(`no usable metadata (${problems.join('; ')})`);
}

/**
 * Where the metadata of an issuer may be: RFC 8414 §3.1 and OpenID Connect with the well-known part before the path, then OpenID
 * Connect Discovery §4 with it after the path. For an issuer without a path the last two are one.
 */
export function metadataUrls(issuer: string): URL[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
  ];
  if (path !== '') urls.push(`${origin}${path}/.well-known/openid-configuration`);
  return urls.map((url) => new URL(url));
}

function readJwksUri(document: FetchedDocument, options: DiscoverJwksUriOptions): URL {
  const metadata = readJsonDocument(document, ['application/json']);
  if (member(metadata, 'issuer') !== options.issuer) throw new FetchProblem('the metadata names another issuer');
  const jwksUri = member(metadata, 'jwks_uri');
  if (typeof jwksUri !== 'string') throw new FetchProblem('the metadata has no jwks_uri');
  const url = readOutboundUrl(jwksUri, options.allowInsecureLoopback);
  if (typeof url === 'string') throw new FetchProblem(`the jwks_uri ${url}`);
  return url;
}

/** The JSON object in a fetched document. Throws `FetchProblem` for another status, media type or content. */
export function readJsonDocument(document: FetchedDocument, mediaTypes: readonly string[]): JsonValue {
  if (document.status !== 200) throw new FetchProblem(`answered ${document.status}`);
  if (!mediaTypes.includes(document.mediaType)) throw new FetchProblem('the answer is not JSON by its Content-Type');
  let value: JsonValue;
  try {
    value = parseStrictJson(document.body, { jsonDepth: JSON_DEPTH });
  } catch {
    throw new FetchProblem('the answer is not strict JSON');
  }
  if (!isJsonObject(value)) throw new FetchProblem('the answer is not a JSON object');
  return value;
}
