import type { OAuthClientProvider } from '@modelcontextprotocol/client';

/** An OAuth client that keeps what the SDK gives it in memory, and follows the dev IdP's redirect in place of a browser. */
export interface HeadlessSignIn {
  readonly provider: OAuthClientProvider;
  /** The parameters of the last callback: `code`, `state`, `iss`. */
  callback(): URLSearchParams;
  /** Scopes of the token that is held now. */
  granted(): string;
}

/**
 * @param issuer the dev IdP, which signs its demo user in without a page
 * @param clientId a pre-registered public client
 */
export function createHeadlessSignIn(issuer: string, clientId: string): HeadlessSignIn {
  const held = new Map<'tokens' | 'verifier' | 'discovery', unknown>();
  let callback = new URLSearchParams();
  const redirectUrl = 'http://127.0.0.1/callback';
  const provider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: { client_name: 'Sallyport demo', redirect_uris: [redirectUrl] },
    clientInformation: () => ({ client_id: clientId, issuer }),
    tokens: () => held.get('tokens') as ReturnType<OAuthClientProvider['tokens']>,
    saveTokens: (tokens) => void held.set('tokens', tokens),
    codeVerifier: () => String(held.get('verifier')),
    saveCodeVerifier: (verifier) => void held.set('verifier', verifier),
    discoveryState: () => held.get('discovery') as never,
    saveDiscoveryState: (state) => void held.set('discovery', state),
    async redirectToAuthorization(url) {
      const answer = await fetch(url, { redirect: 'manual' });
      callback = new URL(answer.headers.get('location') ?? redirectUrl).searchParams;
    },
  };
  return {
    provider,
    callback: () => callback,
    granted: () => (held.get('tokens') as { scope?: string } | undefined)?.scope ?? 'nothing',
  };
}
