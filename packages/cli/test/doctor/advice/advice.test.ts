import { describe, expect, it } from 'vitest';
import { audienceAdvice } from '../../../src/doctor/advice/audience-advice.ts';
import { isInternalHost } from '../../../src/doctor/advice/internal-host.ts';
import { issuerAdvice } from '../../../src/doctor/advice/issuer-advice.ts';
import { clientConsole, vendorOf, vendorOfUrl, type Vendor } from '../../../src/doctor/advice/vendor.ts';

const audience = (vendor: Vendor, audiences: readonly string[], clientId?: string) =>
  audienceAdvice({
    vendor,
    audiences,
    clientId,
    resource: 'https://mcp.example.com/mcp',
    field: 'issuers[0].audience',
  });

describe('the advice about an audience', () => {
  const appId = '6f1c0000-1111-4222-8333-444455556666';

  it('for Entra knows the app id, the identifier URI and Graph apart', () => {
    expect(audience('entra', [appId])).toMatchObject({ note: 'Entra v2 puts the app id there, not the resource URL' });
    expect(audience('entra', [appId]).remedy).toContain(`set issuers[0].audience to ["${appId}"]`);
    expect(audience('entra', [`api://${appId}`]).remedy).toContain('set requestedAccessTokenVersion to 2');
    expect(audience('entra', ['00000003-0000-0000-c000-000000000000'])).toMatchObject({
      note: expect.stringContaining('Microsoft Graph') as string,
    });
    expect(audience('entra', ['https://graph.microsoft.com']).remedy).toContain('Expose an API');
  });

  it('for Cognito names the client id of the token', () => {
    expect(audience('cognito', [], 'app-1').remedy).toContain('["app-1"]');
  });

  it('for Keycloak knows the "account" that it names by default', () => {
    expect(audience('keycloak', ['account']).note).toContain('"account"');
    expect(audience('keycloak', ['account']).remedy).toContain('Mappers > Audience');
  });

  it.each<[Vendor, string]>([
    ['entra', 'Entra admin center'],
    ['okta', 'Okta admin console'],
    ['auth0', 'Auth0 dashboard'],
    ['keycloak', 'Keycloak admin console'],
    ['cognito', 'Cognito console'],
    ['google', 'gcloud auth print-identity-token'],
    ['ping', 'PingOne console'],
    ['workos', 'WorkOS dashboard'],
    ['authentik', 'authentik > Customization'],
    ['other', 'RFC 8707'],
  ])('for %s says in which console to change what', (vendor, console) => {
    const { remedy } = audience(vendor, ['https://elsewhere.example.com']);
    expect(remedy).toContain(console);
    expect(remedy).not.toMatch(/switch(?:ing)? the check off|disable/i);
    expect(clientConsole[vendor]).not.toBe('');
  });
});

describe('the advice about an issuer', () => {
  const issuer = (vendor: Vendor, configured: string, seen: string | undefined) =>
    issuerAdvice({ vendor, configured, seen, field: 'issuers[0].issuer' });

  it('sees a final slash', () => {
    expect(issuer('auth0', 'https://acme.auth0.com', 'https://acme.auth0.com/').remedy).toBe(
      'set issuers[0].issuer to "https://acme.auth0.com/"',
    );
  });

  it('sees tokens of version 1.0 of Entra', () => {
    const advice = issuer('entra', 'https://login.microsoftonline.com/t/v2.0', 'https://sts.windows.net/t/');
    expect(advice.note).toContain('version 1.0');
    expect(advice.remedy).toContain('requestedAccessTokenVersion to 2');
  });

  it('sees the name of a container', () => {
    const advice = issuer('keycloak', 'https://sso.example.com/realms/main', 'http://keycloak:8080/realms/main');
    expect(advice.note).toContain('inside the network');
    expect(advice.remedy).toContain('--hostname');
    expect(issuer('other', 'https://sso.example.com', 'http://idp.svc:80').remedy).toContain(
      'the same from inside and outside',
    );
  });

  it('else asks for the name the issuer gives itself', () => {
    expect(issuer('other', 'https://a.example.com', 'https://b.example.com').remedy).toContain(
      '"https://b.example.com"',
    );
    expect(issuer('other', 'https://a.example.com', undefined).remedy).toContain('exactly as it calls itself');
  });
});

it('the vendor of an issuer is that of its profile, else of its URL', () => {
  expect(vendorOf({ profile: 'okta', issuer: 'https://id.example.com' })).toBe('okta');
  expect(vendorOf({ profile: 'rfc9068', issuer: 'https://acme.authkit.app' })).toBe('workos');
  expect(vendorOf({ profile: 'rfc9068', issuer: 'https://id.example.com' })).toBe('other');
  expect(vendorOfUrl('https://cognito-idp.eu-west-1.amazonaws.com/p')).toBe('cognito');
  expect(vendorOfUrl('https://evil-okta.com')).toBeUndefined();
  expect(vendorOfUrl('https://sso.example.com/application/o/mcp/')).toBe('authentik');
  expect(vendorOfUrl('nonsense')).toBeUndefined();
});

it.each([
  ['10.0.0.1', true],
  ['172.20.0.1', true],
  ['172.40.0.1', false],
  ['[::1]', true],
  ['[fd00::1]', true],
  ['keycloak', true],
  ['notes.svc.cluster.local', true],
  ['8.8.8.8', false],
  ['mcp.example.com', false],
])('the host %s is of the inside: %s', (host, inside) => {
  expect(isInternalHost(host)).toBe(inside);
});
