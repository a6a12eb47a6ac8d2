import { describe, expect, it } from 'vitest';
import { protectedResourceMetadata } from '../../src/discovery/protected-resource-metadata.ts';

const base = { resource: 'https://MCP.example.com/mcp', authorizationServers: ['https://login.example.com'] };

describe('protectedResourceMetadata', () => {
  // @verifies TOKEN-9728-RESOURCE, TOKEN-MCP-METADATA
  it('publishes the resource byte for byte, its issuers and the header as the only way for a token (A-34, A-35)', () => {
    expect(protectedResourceMetadata(base)).toEqual({
      resource: 'https://MCP.example.com/mcp',
      authorization_servers: ['https://login.example.com'],
      bearer_methods_supported: ['header'],
    });
  });

  // @verifies TOKEN-MCP-NO-OFFLINE-ACCESS
  it('publishes scopes and a name when they are given, and never offline_access (A-31, A-34)', () => {
    const metadata = protectedResourceMetadata({
      ...base,
      scopesSupported: ['a', 'offline_access', 'a', 'b'],
      resourceName: 'Notes',
    });
    expect(metadata).toMatchObject({ scopes_supported: ['a', 'b'], resource_name: 'Notes' });
  });

  // @verifies TOKEN-9728-NO-EMPTY
  it('has no scopes_supported when there is nothing to list', () => {
    expect(protectedResourceMetadata({ ...base, scopesSupported: [] })).not.toHaveProperty('scopes_supported');
    expect(protectedResourceMetadata({ ...base, scopesSupported: ['offline_access'] })).not.toHaveProperty(
      'scopes_supported',
    );
  });

  it('says what is accepted of DPoP, and nothing when it is off (E-31, RFC 9728 §2)', () => {
    const algorithms = ['ES256', 'PS256'];
    for (const mode of ['accept', 'require'] as const) {
      expect(protectedResourceMetadata({ ...base, dpop: { mode, algorithms } })).toMatchObject({
        dpop_signing_alg_values_supported: algorithms,
        dpop_bound_access_tokens_required: mode === 'require',
      });
    }
    for (const dpop of [undefined, { mode: 'off', algorithms } as const])
      expect(Object.keys(protectedResourceMetadata({ ...base, dpop })).join(' ')).not.toContain('dpop');
  });

  it('says whether tokens bound to a certificate are accepted (RFC 9728 §2, RFC 8705 §3.3)', () => {
    const name = 'tls_client_certificate_bound_access_tokens';
    expect(protectedResourceMetadata({ ...base, certificateBound: true })).toHaveProperty(name, true);
    expect(protectedResourceMetadata({ ...base, certificateBound: false })).not.toHaveProperty(name);
    expect(protectedResourceMetadata(base)).not.toHaveProperty(name);
  });

  it('is frozen', () => {
    const metadata = protectedResourceMetadata({ ...base, scopesSupported: ['a'] });
    expect(Object.isFrozen(metadata)).toBe(true);
    expect(Object.isFrozen(metadata.authorization_servers)).toBe(true);
    expect(Object.isFrozen(metadata.scopes_supported)).toBe(true);
  });
});
