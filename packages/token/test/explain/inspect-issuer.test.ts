import { afterEach, describe, expect, it } from 'vitest';
import { inspectIssuer, type IssuerInspection } from '../../src/explain/inspect-issuer.ts';
import { createSigningKey } from '../support/signing-key.ts';
import { json, startTestIssuer, status, type TestIssuer } from '../support/test-issuer.ts';

const issuers: TestIssuer[] = [];
afterEach(async () => {
  for (const issuer of issuers.splice(0)) await issuer.close();
});
const key = createSigningKey('ES256', 'k');

async function start(path = ''): Promise<TestIssuer> {
  const issuer = await startTestIssuer([key.jwk], path);
  issuers.push(issuer);
  return issuer;
}

function inspect(issuer: string, algorithms: readonly string[] = ['ES256']): Promise<IssuerInspection> {
  return inspectIssuer({ issuer, algorithms }, { dangerouslyAllowInsecureIssuers: true });
}

describe('the inspection of an issuer', () => {
  it('tells where the metadata are, which keys there are and what they are for', async () => {
    const { url, jwksUri } = await start();
    const found = await inspect(url);
    expect(found).toMatchObject({
      issuer: url,
      attempts: [{ url: `${url}/.well-known/oauth-authorization-server`, issuer: url }],
      jwksUri,
      keys: [{ kid: 'k', kty: 'P-256', algorithms: ['ES256'] }],
    });
    expect(Math.abs(found.clockAheadMs ?? Number.NaN)).toBeLessThan(5_000);
  });

  it('tells every place that was tried when there is no document of this issuer', async () => {
    const issuer = await start('/realms/main');
    issuer.answers.set(
      '/.well-known/oauth-authorization-server/realms/main',
      json(() => ({ issuer: 'https://other.example' })),
    );
    const { attempts, metadata, keysProblem } = await inspect(issuer.url);
    expect(attempts).toMatchObject([
      { issuer: 'https://other.example' },
      { problem: 'answered 404' },
      { problem: 'answered 404' },
    ]);
    expect(metadata).toBeUndefined();
    expect(keysProblem).toContain('without metadata');
  });

  it('obeys the rules of the network: no key from a URL that may not be asked', async () => {
    const issuer = await start();
    issuer.answers.set(
      '/.well-known/oauth-authorization-server',
      json(() => ({ issuer: issuer.url, jwks_uri: 'http://169.254.169.254/keys' })),
    );
    expect((await inspect(issuer.url)).keysProblem).toContain('jwks_uri');
  });

  it('tells what is wrong with the keys', async () => {
    const issuer = await start();
    expect((await inspect(issuer.url, ['RS256'])).keys).toMatchObject([{ algorithms: [] }]);
    issuer.answers.set('/jwks', status(503));
    expect((await inspect(issuer.url)).keysProblem).toBe('answered 503');
    issuer.answers.set(
      '/jwks',
      json(() => ({})),
    );
    expect((await inspect(issuer.url)).keysProblem).toContain('no list of keys');
  });
});
