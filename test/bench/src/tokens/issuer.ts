import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { benchClaims } from './bench-claims.ts';

/** A key set to fetch, and somebody to ask about opaque tokens: all that a server asks of an issuer. */
export interface Issuer {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly introspectionUri: string;
  /** How often it was asked for anything so far. */
  requests(): number;
  close(): Promise<void>;
}

/** Serves a public key set on a free loopback port, and finds every opaque token good. */
export async function startIssuer(jwks: string): Promise<Issuer> {
  let requests = 0;
  const server = createServer((req, res) => {
    requests += 1;
    const isQuestion = req.method === 'POST';
    const answer = isQuestion ? JSON.stringify({ active: true, token_type: 'Bearer', ...benchClaims(issuer) }) : jwks;
    req.resume().once('end', () => {
      res.writeHead(200, { 'content-type': isQuestion ? 'application/json' : 'application/jwk-set+json' }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    introspectionUri: `${issuer}/introspect`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
