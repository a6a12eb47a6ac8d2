import type { Principal } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { authInfoFor } from '../../src/handler/auth-info.ts';

const principal: Principal = {
  issuer: 'https://idp.example',
  subject: 'alice',
  clientId: 'app',
  scopes: Object.freeze(['notes:read']),
  tenant: null,
  groups: [],
  roles: [],
  actors: [],
  proof: 'jwt',
  tokenId: 'id',
  sessionId: null,
  issuedAt: null,
  acr: null,
  amr: [],
  authTime: null,
  expiresAt: 1_790_000_000,
};

describe('authInfoFor', () => {
  it('says who calls, until when and for what, and withholds the token', () => {
    expect(authInfoFor(principal, 'https://mcp.example/mcp')).toEqual({
      token: 'withheld',
      clientId: 'app',
      scopes: ['notes:read'],
      expiresAt: 1_790_000_000,
      resource: new URL('https://mcp.example/mcp'),
      extra: { principal },
    });
  });

  it('names no client for a token without one', () => {
    expect(authInfoFor({ ...principal, clientId: null }, 'https://mcp.example/mcp').clientId).toBe('');
  });

  it('can not be changed by one call for the next', () => {
    const info = authInfoFor(principal, 'https://mcp.example/mcp');
    info.scopes.push('notes:admin');
    info.resource?.searchParams.set('x', '1');
    Object.assign(info, { clientId: 'other' });
    Object.assign(info.extra ?? {}, { principal: {} });
    const next = authInfoFor(principal, 'https://mcp.example/mcp');
    expect(next).toMatchObject({ clientId: 'app', scopes: ['notes:read'], extra: { principal } });
    expect(next.resource?.href).toBe('https://mcp.example/mcp');
  });
});
