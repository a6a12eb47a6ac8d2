import { describe, expect, it } from 'vitest';
import { protectedResourceMetadata } from '../../src/discovery/protected-resource-metadata.ts';

const base = { resource: 'https://MCP.example.com/mcp', authorizationServers: ['https://login.example.com'] };

describe('protectedResourceMetadata', () => {
  it('publishes the resource byte for byte, its issuers and the header as the only way for a token (A-34, A-35)', () => {
    expect(protectedResourceMetadata(base)).toEqual({
      resource: 'https://MCP.example.com/mcp',
      authorization_servers: ['https://login.example.com'],
      bearer_methods_supported: ['header'],
    });
  });

  it('publishes scopes and a name when they are given, and never offline_access (A-31, A-34)', () => {
    const metadata = protectedResourceMetadata({
      ...base,
      scopesSupported: ['a', 'offline_access', 'a', 'b'],
      resourceName: 'Notes',
    });
    expect(metadata).toMatchObject({ scopes_supported: ['a', 'b'], resource_name: 'Notes' });
  });

  it('has no scopes_supported when there is nothing to list', () => {
    expect(protectedResourceMetadata({ ...base, scopesSupported: [] })).not.toHaveProperty('scopes_supported');
    expect(protectedResourceMetadata({ ...base, scopesSupported: ['offline_access'] })).not.toHaveProperty(
      'scopes_supported',
    );
  });

  it('is frozen', () => {
    const metadata = protectedResourceMetadata({ ...base, scopesSupported: ['a'] });
    expect(Object.isFrozen(metadata)).toBe(true);
    expect(Object.isFrozen(metadata.authorization_servers)).toBe(true);
    expect(Object.isFrozen(metadata.scopes_supported)).toBe(true);
  });
});
