import { describe, expect, it } from 'vitest';
import { discoverJwksUri } from '../../src/keys/discover-jwks-uri.ts';
import { metadataUrls } from '../../src/keys/discover-metadata.ts';
import { FetchProblem, type FetchedDocument } from '../../src/keys/fetch-document.ts';

const ISSUER = 'https://login.example.com/tenant';
const RFC8414 = 'https://login.example.com/.well-known/oauth-authorization-server/tenant';
const OIDC_INSERTED = 'https://login.example.com/.well-known/openid-configuration/tenant';
const OIDC_APPENDED = 'https://login.example.com/tenant/.well-known/openid-configuration';

const good = { issuer: ISSUER, jwks_uri: 'https://login.example.com/keys' };

function document(body: unknown, mediaType = 'application/json', status = 200): FetchedDocument {
  return {
    status,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    mediaType,
    etag: undefined,
    maxAgeSeconds: undefined,
  };
}

/** Discovers against the given documents; what is not given is 404. */
async function discover(documents: Record<string, FetchedDocument>): Promise<{ found: string; asked: string[] }> {
  const asked: string[] = [];
  const fetch = async (url: URL): Promise<FetchedDocument> => {
    asked.push(url.href);
    return documents[url.href] ?? document('', '', 404);
  };
  const found = await discoverJwksUri({ issuer: ISSUER, allowInsecureLoopback: false, fetch });
  return { found: found.href, asked };
}

describe('metadataUrls', () => {
  // @verifies TOKEN-8414-LOCATION
  it('lists RFC 8414, OpenID Connect inserted and appended, in this order (C-23)', () => {
    expect(metadataUrls(ISSUER).map(String)).toEqual([RFC8414, OIDC_INSERTED, OIDC_APPENDED]);
    expect(metadataUrls(`${ISSUER}/`).map(String)).toEqual([RFC8414, OIDC_INSERTED, OIDC_APPENDED]);
  });

  it('lists two for an issuer without a path', () => {
    const urls = [
      'https://login.example.com/.well-known/oauth-authorization-server',
      'https://login.example.com/.well-known/openid-configuration',
    ];
    expect(metadataUrls('https://login.example.com').map(String)).toEqual(urls);
    expect(metadataUrls('https://login.example.com/').map(String)).toEqual(urls);
  });
});

describe('discoverJwksUri', () => {
  it('stops at the first document that is ours', async () => {
    expect(await discover({ [RFC8414]: document(good) })).toEqual({ found: good.jwks_uri, asked: [RFC8414] });
  });

  it('goes on to the next place when a document is missing, broken or not JSON (C-23)', async () => {
    for (const bad of [
      document('', '', 404),
      document('{', 'application/json'),
      document(good, 'text/html'),
      document([]),
      document({ ...good, jwks_uri: 1 }),
      document('', '', 302),
    ]) {
      expect(await discover({ [RFC8414]: bad, [OIDC_APPENDED]: document(good) })).toEqual({
        found: good.jwks_uri,
        asked: [RFC8414, OIDC_INSERTED, OIDC_APPENDED],
      });
    }
  });

  // @verifies TOKEN-8414-ISSUER
  it('never uses a document that names another issuer, by a slash or by more (C-19)', async () => {
    for (const issuer of [
      `${ISSUER}/`,
      'https://LOGIN.example.com/tenant',
      'https://evil.example',
      undefined,
      null,
      [ISSUER],
    ]) {
      const poisoned = document({ issuer, jwks_uri: 'https://evil.example/keys' });
      await expect(
        discover({ [RFC8414]: poisoned, [OIDC_INSERTED]: poisoned, [OIDC_APPENDED]: poisoned }),
      ).rejects.toThrow('another issuer');
      expect(await discover({ [RFC8414]: poisoned, [OIDC_INSERTED]: document(good) })).toMatchObject({
        found: good.jwks_uri,
      });
    }
  });

  // @verifies TOKEN-8414-HTTPS
  it('refuses a jwks_uri that may not be fetched', async () => {
    for (const jwksUri of ['http://169.254.169.254/', 'http://login.example.com/keys', 'file:///etc/passwd', '/keys']) {
      await expect(discover({ [RFC8414]: document({ ...good, jwks_uri: jwksUri }) })).rejects.toThrow('jwks_uri');
    }
  });

  it('says of every place what was wrong there', async () => {
    const attempt = discover({ [RFC8414]: document(good, 'text/html') });
    await expect(attempt).rejects.toBeInstanceOf(FetchProblem);
    await expect(attempt).rejects.toThrow(
      'no usable metadata (/.well-known/oauth-authorization-server/tenant: the answer is not JSON by its Content-Type; ' +
        '/.well-known/openid-configuration/tenant: answered 404; /tenant/.well-known/openid-configuration: answered 404)',
    );
  });
});
