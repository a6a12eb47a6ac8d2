import type { Configuration } from 'oidc-provider';
import { isLocalRedirectUri } from '../http/loopback.ts';

/** Client ID Metadata Documents by URL, or `fetch` for whatever https URL a client names. */
export type ClientIdMetadataDocuments = 'fetch' | Readonly<Record<string, Readonly<Record<string, unknown>>>>;

type Fetch = NonNullable<Configuration['fetch']>;

/**
 * What the provider fetches with. It asks nobody on the network but for Client ID Metadata Documents, and for these only when it was told to;
 * the library then refuses addresses of this machine and of private networks.
 */
export function createClientFetch(documents: ClientIdMetadataDocuments | undefined): Fetch {
  return async (input, init) => {
    if (documents === 'fetch') return fetch(input, init);
    const url = input instanceof Request ? input.url : String(input);
    const document = documents !== undefined && Object.hasOwn(documents, url) ? documents[url] : undefined;
    return document === undefined ? new Response(null, { status: 404 }) : Response.json(document);
  };
}

/** True for the `client_id` of a client that is described by such a document. */
export function isDocumentUrl(clientId: unknown): boolean {
  return typeof clientId === 'string' && clientId.startsWith('https://');
}

/**
 * Leaves of the redirect URIs of such a document only those on this machine, and lets these use any port (RFC 8252 §7.3). A document is the
 * same for every provider, so that others in it are no mistake.
 */
export function keepLocal(metadata: Record<string, unknown>): void {
  const uris: unknown = metadata['redirect_uris'];
  metadata['redirect_uris'] = Array.isArray(uris) ? uris.filter((uri) => isLocalRedirectUri(String(uri))) : uris;
  metadata['application_type'] = 'native';
}
