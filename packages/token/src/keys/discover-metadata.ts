import { isJsonObject, member, parseStrictJson, type JsonValue } from '@sallyport/core';
import { FetchProblem, type FetchedDocument } from './fetch-document.ts';

const JSON_DEPTH = 32;

export interface DiscoverMetadataOptions {
  /** What the metadata must name as its `issuer`, byte for byte. */
  readonly issuer: string;
  /** The issuer whose metadata are looked up, where it is not the one they name. */
  readonly location?: string | undefined;
  /** Fetches one metadata document; rejects with `FetchProblem`. */
  fetch(url: URL): Promise<FetchedDocument>;
}

/**
 * Finds something in the metadata of an issuer. The documents of `metadataUrls` are tried in order; the first whose `issuer` is exactly
 * ours and in which `read` finds what it wants wins, so that a document of somebody else's decides nothing (RFC 8414 §3.3).
 *
 * Rejects with `FetchProblem` when there is none. `read` throws `FetchProblem` for a document that does not do.
 */
export async function discoverMetadata<T>(
  options: DiscoverMetadataOptions,
  read: (metadata: JsonValue) => T,
): Promise<T> {
  const problems: string[] = [];
  for (const url of metadataUrls(options.location ?? options.issuer)) {
    try {
      const metadata = readJsonDocument(await options.fetch(url), ['application/json']);
      if (member(metadata, 'issuer') !== options.issuer) throw new FetchProblem('the metadata names another issuer');
      return read(metadata);
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
