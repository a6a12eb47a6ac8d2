import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resource } from './target.ts';

/** A header or payload: an object, or text or bytes that no JWT library would sign. */
export type TokenPart = Readonly<Record<string, unknown>> | string | Uint8Array;

/** An issuer on loopback that does what the test says: wrong metadata, wrong keys, no answer, and tokens no IdP would issue. */
export interface LocalIssuer {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly requests: string[];
  /** The keys it publishes. */
  keys: unknown[];
  /** Answers instead of the issuer. */
  answer: RequestListener | undefined;
  /** Members of the metadata that differ. */
  metadata: Record<string, unknown>;
  /** Replaces the key. What it signs from now on has the new `kid`; published is it only with `publish`. */
  rotate(kid: string, options?: { publish: boolean }): void;
  /** Claims of a good token of this issuer, with changes; `undefined` removes one. */
  claims(changes?: Record<string, unknown>): Record<string, unknown>;
  /** Signs a token whose claims and header differ from a good one. */
  sign(changes?: Record<string, unknown>, header?: Record<string, unknown>): string;
  /** Signs whatever is given. */
  signParts(header: TokenPart, payload: TokenPart): string;
  close(): Promise<void>;
}

/** Starts an issuer with one ES256 key. Port 0 is a free one. */
export async function startLocalIssuer(port = 0): Promise<LocalIssuer> {
  let key = createKey('first');
  const server = createServer((request, response) => {
    issuer.requests.push(request.url ?? '');
    if (issuer.answer !== undefined) {
      issuer.answer(request, response);
      return;
    }
    const documents = new Map<string, unknown>([
      ['/jwks', { keys: issuer.keys }],
      [
        '/.well-known/oauth-authorization-server',
        { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks`, ...issuer.metadata },
      ],
    ]);
    const document = documents.get(request.url ?? '');
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const issuer: LocalIssuer = {
    url,
    requests: [],
    keys: [key.jwk],
    answer: undefined,
    metadata: {},
    rotate(kid, options = { publish: true }) {
      key = createKey(kid);
      if (options.publish) issuer.keys = [key.jwk];
    },
    claims(changes = {}) {
      const iat = Math.floor(Date.now() / 1000);
      const times = { iat, exp: iat + 300 };
      return { iss: url, sub: 'local', aud: resource, client_id: 'client-1', scope: 'echo:call', ...times, ...changes };
    },
    sign: (changes, header) =>
      issuer.signParts({ alg: 'ES256', typ: 'at+jwt', kid: key.jwk['kid'], ...header }, issuer.claims(changes)),
    signParts(header, payload) {
      const input = `${segment(header)}.${segment(payload)}`;
      const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
      return `${input}.${signature.toString('base64url')}`;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return issuer;
}

/** One part of a token in base64url. */
export function segment(part: TokenPart): string {
  const bytes = typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part);
  return Buffer.from(bytes as string).toString('base64url');
}

function createKey(kid: string): { privateKey: KeyObject; jwk: Record<string, unknown> } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } };
}
