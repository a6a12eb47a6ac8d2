import { describe, expect, it } from 'vitest';
import {
  authorizationServers,
  isTenantId,
  isTenantTemplate,
  issuerOfTenant,
  metadataOfTemplate,
  tenantOfIssuer,
} from '../../src/profile/tenant-template.ts';

const TEMPLATE = 'https://login.microsoftonline.com/{tenantid}/v2.0';
const T1 = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const T2 = '82229342-1101-4ab6-817b-70c0747630f3';

describe('the template of an issuer', () => {
  it('stands for one issuer for each tenant', () => {
    expect(isTenantTemplate(TEMPLATE)).toBe(true);
    expect(isTenantTemplate('https://login.example.com')).toBe(false);
    expect(issuerOfTenant(TEMPLATE, T1)).toBe(`https://login.microsoftonline.com/${T1}/v2.0`);
    expect(metadataOfTemplate(TEMPLATE)).toBe('https://login.microsoftonline.com/organizations/v2.0');
  });

  it('is published as the issuers a client can go to (RFC 9728 §2)', () => {
    expect(
      authorizationServers([{ issuer: TEMPLATE, tenants: [T1, T2] }, { issuer: 'https://login.example.com' }]),
    ).toEqual([
      `https://login.microsoftonline.com/${T1}/v2.0`,
      `https://login.microsoftonline.com/${T2}/v2.0`,
      'https://login.example.com',
    ]);
  });
});

describe('a tenant', () => {
  it('is a GUID in lower case', () => {
    expect(isTenantId(T1)).toBe(true);
    for (const text of ['*', 'common', 'contoso.onmicrosoft.com', T1.toUpperCase(), `${T1} `, `${T1}/`, ''])
      expect(isTenantId(text)).toBe(false);
  });

  it('is named by the issuer it belongs to', () => {
    expect(tenantOfIssuer(`https://login.microsoftonline.com/${T1}/v2.0`)).toBe(T1);
    expect(tenantOfIssuer(`https://sts.windows.net/${T1}/`)).toBe(T1);
    expect(tenantOfIssuer('https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0')).toBeUndefined();
  });
});
