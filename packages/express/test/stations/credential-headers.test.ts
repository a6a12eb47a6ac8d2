import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send } from '../support/http.ts';

const certificate = ':MAMCASo=:';
const sent: Record<string, string> = {
  'Proxy-Authorization': 'Basic dTpw',
  DPoP: 'proof.of.nobody',
  'X-Enterprise-Token': 'enterprise',
  'Client-Cert': certificate,
  'Client-Cert-Chain': certificate,
  'X-SSL-Cert': certificate,
};
const removed = [
  'authorization',
  'proxy-authorization',
  'dpop',
  'x-enterprise-token',
  'client-cert',
  'client-cert-chain',
];

interface Seen {
  readonly raw: string[];
  readonly names: string[];
  readonly distinct: string[];
}

let configured: Guarded;
let plain: Guarded;
beforeAll(async () => {
  const clientCertificate = { clientCertificate: { header: 'X-SSL-Cert' } };
  configured = await openGuarded({ config: { ...clientCertificate, network: { trustedProxies: ['127.0.0.1'] } } });
  plain = await openGuarded();
});
afterAll(async () => {
  await configured.close();
  await plain.close();
});

/** The names of the headers that a handler finds, wherever Node keeps them. */
async function seenBy(guarded: Guarded): Promise<Seen> {
  let seen: Seen | undefined;
  const url = await guarded.serveHandler(
    mount((req: IncomingMessage, res: ServerResponse) => {
      const raw = req.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
      seen = { raw, names: Object.keys(req.headers), distinct: Object.keys(req.headersDistinct) };
      res.setHeader('DPoP-Nonce', 'of-the-handler');
      res.setHeader('Content-Type', 'application/json');
      res.end('{"jsonrpc":"2.0","id":1,"result":{}}');
    }),
  );
  const request = modern(await guarded.token(), 'tools/call', { name: 'whoami' }, { headers: sent });
  const answer = await send(url, request);
  expect(answer.status).toBe(200);
  expect(answer.headers).not.toHaveProperty('dpop-nonce');
  return seen as Seen;
}

describe('a handler', () => {
  // @verifies TOKEN-9440-REMOVED
  it('finds no header that carries a credential, also not the configured one of the certificate (K-14)', async () => {
    const { raw, names, distinct } = await seenBy(configured);
    for (const header of [...removed, 'x-ssl-cert']) {
      expect(raw).not.toContain(header);
      expect(names).not.toContain(header);
      expect(distinct).not.toContain(header);
    }
    expect(raw).toContain('mcp-method');
  });

  // @verifies TOKEN-9440-REMOVED
  it('finds no certificate in the standard header either where none is believed', async () => {
    const { raw, names, distinct } = await seenBy(plain);
    for (const header of removed) expect([...raw, ...names, ...distinct]).not.toContain(header);
    expect(raw).toContain('x-ssl-cert');
  });
});
