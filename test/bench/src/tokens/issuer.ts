import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A key set to fetch: all that a server with local validation asks of an issuer. */
export interface Issuer {
  readonly issuer: string;
  readonly jwksUri: string;
  close(): Promise<void>;
}

/** Serves a public key set on a free loopback port. */
export async function startIssuer(jwks: string): Promise<Issuer> {
  const server = createServer((_req, res) => {
    res.writeHead(200, { 'content-type': 'application/jwk-set+json' }).end(jwks);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
