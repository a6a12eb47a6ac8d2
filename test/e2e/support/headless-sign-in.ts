import type { OAuthClientProvider } from '@modelcontextprotocol/client';
import type { DevIdp } from '@sallyport/dev-idp';

/** An OAuth client without a browser: the dev IdP answers its redirect at once. */
export interface HeadlessSignIn {
  readonly provider: OAuthClientProvider;
  /** What came back from the issuer last. */
  callback(): URLSearchParams;
  /** Scopes of the token that is held. */
  granted(): string[];
  /** The token that is held. */
  token(): string;
}

const redirectUrl = 'http://127.0.0.1/callback';

export function createHeadlessSignIn(idp: DevIdp): HeadlessSignIn {
  const held = new Map<'tokens' | 'verifier' | 'discovery', unknown>();
  let callback = new URLSearchParams();
  const tokens = (): { access_token: string; token_type: string; scope?: string } | undefined =>
    held.get('tokens') as ReturnType<typeof tokens>;
  return {
    provider: {
      redirectUrl,
      clientMetadata: { client_name: 'e2e', redirect_uris: [redirectUrl] },
      clientInformation: () => ({ client_id: idp.clients.app.clientId, issuer: idp.issuer }),
      tokens,
      saveTokens: (granted) => void held.set('tokens', granted),
      codeVerifier: () => String(held.get('verifier')),
      saveCodeVerifier: (verifier) => void held.set('verifier', verifier),
      discoveryState: () => held.get('discovery') as never,
      saveDiscoveryState: (state) => void held.set('discovery', state),
      async redirectToAuthorization(url) {
        const answer = await fetch(url, { redirect: 'manual' });
        callback = new URL(answer.headers.get('location') ?? redirectUrl).searchParams;
      },
    },
    callback: () => callback,
    granted: () => tokens()?.scope?.split(' ') ?? [],
    token: () => tokens()?.access_token ?? '',
  };
}
