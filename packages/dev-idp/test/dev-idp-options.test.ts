import { describe, expect, it } from 'vitest';
import { type DevIdpOptions, resolveOptions } from '../src/dev-idp-options.ts';

describe('resolveOptions', () => {
  it('fills in two resources, alice and bob', () => {
    const options = resolveOptions({});
    expect(options).toMatchObject({
      host: '127.0.0.1',
      port: 0,
      algorithm: 'RS256',
      accessTokenSeconds: 3600,
      quiet: false,
    });
    expect(options.resources.map(({ tokens }) => tokens)).toEqual(['jwt', 'opaque']);
    expect([...options.users.keys()]).toEqual(['alice', 'bob']);
  });

  it.each([
    ['{"host":"0.0.0.0"}', 'host is "0.0.0.0"; only 127.0.0.1 and ::1 are accepted'],
    ['{"host":"localhost.evil.example"}', 'host'],
    ['{"port":-1}', 'port'],
    ['{"port":"9000"}', 'port'],
    ['{"algorithm":"none"}', 'algorithm must be one of RS256'],
    ['{"algorithm":"HS256"}', 'algorithm'],
    ['{"accessTokenSeconds":0}', 'accessTokenSeconds'],
    ['{"quiet":"yes"}', 'quiet'],
    ['{"dpopNonces":1}', 'dpopNonces must be true or false'],
    ['{"clientIdMetadataDocuments":true}', 'clientIdMetadataDocuments must be "fetch" or'],
    ['{"clientIdMetadataDocuments":{"http://a.example/":{}}}', 'clientIdMetadataDocuments'],
    ['{"clientIdMetadataDocuments":{"https://a.example/":"x"}}', 'clientIdMetadataDocuments'],
    ['{"scopes":["a b"]}', 'scopes must be a list of scope tokens'],
    ['{"scopes":"a"}', 'scopes'],
    ['{"resources":[]}', 'resources'],
    ['{"resources":["not a uri"]}', 'resources[0].resource'],
    ['{"resources":["http://127.0.0.1/mcp",{"resource":7}]}', 'resources[1].resource'],
    ['{"resources":[{"resource":"urn:a","tokens":"paseto"}]}', 'resources[0].tokens'],
    ['{"resources":[{"resource":"urn:a","algorithm":"none"}]}', 'resources[0].algorithm'],
    ['{"users":[]}', 'users'],
    ['{"users":[{"name":"","scopes":[]}]}', 'users[0].name'],
    ['{"users":[{"name":"a","scopes":"all"}]}', 'users[0].scopes'],
    ['{"users":[{"name":"a","scopes":[]},{"name":"a","scopes":[]}]}', 'users[1].name is used twice'],
    ['{"prot":9000}', 'prot is not an option'],
  ])('refuses %s and names the option', (json, message) => {
    expect(() => resolveOptions(JSON.parse(json) as DevIdpOptions)).toThrow(`dev IdP: ${message}`);
  });
});
