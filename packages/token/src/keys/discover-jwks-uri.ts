import { member, type JsonValue } from '@sallyport/core';
import { discoverMetadata, type DiscoverMetadataOptions } from './discover-metadata.ts';
import { FetchProblem } from './fetch-document.ts';
import { readOutboundUrl } from './outbound-url.ts';

export interface DiscoverJwksUriOptions extends DiscoverMetadataOptions {
  readonly allowInsecureLoopback: boolean;
}

/** Finds the issuer's `jwks_uri`, one that may be fetched, in its metadata. Rejects with `FetchProblem`. */
export function discoverJwksUri(options: DiscoverJwksUriOptions): Promise<URL> {
  return discoverMetadata(options, (metadata) => readEndpoint(metadata, 'jwks_uri', options.allowInsecureLoopback));
}

/** A URL of the metadata that may be used. Throws `FetchProblem`. */
export function readEndpoint(metadata: JsonValue, name: string, allowInsecureLoopback: boolean): URL {
  const text = member(metadata, name);
  if (typeof text !== 'string') throw new FetchProblem(`the metadata has no ${name}`);
  const url = readOutboundUrl(text, allowInsecureLoopback);
  if (typeof url === 'string') throw new FetchProblem(`the ${name} ${url}`);
  return url;
}
