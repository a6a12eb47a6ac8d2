import { logEvent, type OperationalLogger } from '@sallyport/core';
import { createAddressPolicy, type AddressPolicy } from './address-policy.ts';
import { discoverJwksUri } from './discover-jwks-uri.ts';
import { readJsonDocument } from './discover-metadata.ts';
import { fetchDocument, FetchProblem, type FetchedDocument } from './fetch-document.ts';
import { keySetMembers, readKeySet, type KeySet } from './key-set.ts';
import { isSameSite } from './same-site.ts';

const MAX_BYTES = 1_048_576;
const MAX_KEYS = 100;
const MEDIA_TYPES = ['application/jwk-set+json', 'application/json'];

export interface KeyFetcherOptions {
  readonly issuer: string;
  /** Whose metadata are looked up, where they are not under the issuer's own name. */
  readonly metadataLocation?: string | undefined;
  /** Where the keys are; found in the issuer's metadata when absent. */
  readonly jwksUri: URL | undefined;
  readonly allowPrivateAddresses: boolean;
  readonly allowInsecureLoopback: boolean;
  readonly log: OperationalLogger;
}

export interface FetchedKeys {
  readonly set: KeySet;
  readonly maxAgeSeconds: number | undefined;
}

/**
 * Fetches the keys of one issuer. Every URL comes from the configuration or from the issuer's own metadata, never from a request.
 */
export class KeyFetcher {
  readonly #options: KeyFetcherOptions;
  readonly #addresses: AddressPolicy;
  readonly #loopback: AddressPolicy = createAddressPolicy({ allowPrivateAddresses: false, allowLoopback: true });
  #jwksUri: URL | undefined;
  #etag: string | undefined;

  constructor(options: KeyFetcherOptions) {
    this.#options = options;
    this.#jwksUri = options.jwksUri;
    this.#addresses = createAddressPolicy({
      allowPrivateAddresses: options.allowPrivateAddresses,
      allowLoopback: options.allowInsecureLoopback,
    });
  }

  /**
   * One attempt, ended by `signal`. With `discover` the metadata is read again; if it can not be had, what it said last still counts.
   * Gives `previous` again when the issuer says that nothing changed. Rejects with `FetchProblem` only.
   */
  async fetch(previous: KeySet | undefined, discover: boolean, signal: AbortSignal): Promise<FetchedKeys> {
    const url = await this.#locate(discover, signal);
    const etag = previous === undefined ? undefined : this.#etag;
    const document = await this.#get(url, MEDIA_TYPES.join(', '), signal, etag);
    if (document.status === 304 && previous !== undefined && etag !== undefined) {
      return { set: previous, maxAgeSeconds: document.maxAgeSeconds };
    }
    const set = this.#read(document, previous);
    this.#etag = document.etag;
    return { set, maxAgeSeconds: document.maxAgeSeconds };
  }

  async #locate(discover: boolean, signal: AbortSignal): Promise<URL> {
    const { issuer, metadataLocation, jwksUri, allowInsecureLoopback } = this.#options;
    if (jwksUri !== undefined) return jwksUri;
    const known = this.#jwksUri;
    if (known !== undefined && !discover) return known;
    const found = await discoverJwksUri({
      issuer,
      location: metadataLocation,
      allowInsecureLoopback,
      fetch: (url) => this.#get(url, 'application/json', signal),
    }).catch((error: unknown) => {
      if (known === undefined || signal.aborted) throw error;
      return known;
    });
    if (found.href !== known?.href) {
      this.#etag = undefined;
      this.#noteForeignHost(found);
    }
    this.#jwksUri = found;
    return found;
  }

  #get(url: URL, accept: string, signal: AbortSignal, etag?: string): Promise<FetchedDocument> {
    const addresses = url.protocol === 'https:' ? this.#addresses : this.#loopback;
    return fetchDocument(url, { signal, addresses, accept, etag, maxBytes: MAX_BYTES });
  }

  #read(document: FetchedDocument, previous: KeySet | undefined): KeySet {
    const members = keySetMembers(readJsonDocument(document, MEDIA_TYPES), MAX_KEYS);
    if (typeof members === 'string') throw new FetchProblem(members);
    const set = readKeySet(members, previous);
    const { issuer, log } = this.#options;
    if (set.skipped.has('private')) {
      logEvent(log, 'sallyport.issuer.keys_private', { issuer, count: set.skipped.get('private') });
    }
    if (set.ambiguous.length > 0)
      logEvent(log, 'sallyport.issuer.keys_ambiguous', { issuer, kids: set.ambiguous.length });
    if (set.keys.length === 0) logEvent(log, 'sallyport.issuer.keys_none', { issuer });
    return set;
  }

  /** Legitimate with some providers, and what poisoned metadata looks like: an operator should see it once. */
  #noteForeignHost(url: URL): void {
    const { issuer, metadataLocation, log } = this.#options;
    if (!isSameSite(url, new URL(metadataLocation ?? issuer))) {
      logEvent(log, 'sallyport.issuer.keys_elsewhere', { issuer, jwksUri: url.href });
    }
  }
}
