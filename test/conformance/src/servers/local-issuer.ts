import { exportJWK, generateKeyPair, SignJWT } from 'jose';

import { listen } from '../net/listen.ts';

/** An authorization server reduced to its keys: it has a key set to fetch, and mints tokens for who holds this object. */
export interface LocalIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
  /** An access token (RFC 9068) that lives for an hour. */
  mint(audience: string, scopes: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** Starts an issuer with a fresh key on a free loopback port. */
export async function startLocalIssuer(): Promise<LocalIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const kid = 'conformance';
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] });
  const server = await listen((_req, res) => {
    res.writeHead(200, { 'content-type': 'application/jwk-set+json' }).end(keys);
  });

  return {
    issuer: server.origin,
    jwksUri: `${server.origin}/jwks`,
    mint: (audience, scopes) =>
      new SignJWT({ client_id: 'conformance-suite', scope: scopes.join(' ') })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
        .setIssuer(server.origin)
        .setSubject('conformance')
        .setAudience(audience)
        .setJti('conformance-1')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    close: () => server.close(),
  };
}
