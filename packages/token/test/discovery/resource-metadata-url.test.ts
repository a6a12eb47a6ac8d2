import { describe, expect, it } from 'vitest';
import { resourceMetadataPaths, resourceMetadataUrl } from '../../src/discovery/resource-metadata-url.ts';

describe('resourceMetadataUrl', () => {
  // @verifies TOKEN-9728-LOCATION
  it('puts the well-known part between host and path and keeps the rest byte for byte', () => {
    for (const [resource, url] of [
      ['https://mcp.example.com/mcp', 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp'],
      ['https://mcp.example.com/a/b', 'https://mcp.example.com/.well-known/oauth-protected-resource/a/b'],
      ['https://mcp.example.com/mcp/', 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp/'],
      ['https://mcp.example.com', 'https://mcp.example.com/.well-known/oauth-protected-resource'],
      ['https://mcp.example.com/', 'https://mcp.example.com/.well-known/oauth-protected-resource'],
      [
        'https://mcp.example.com:8443/mcp?t=1',
        'https://mcp.example.com:8443/.well-known/oauth-protected-resource/mcp?t=1',
      ],
      ['https://mcp.example.com?t=1', 'https://mcp.example.com/.well-known/oauth-protected-resource?t=1'],
      ['https://mcp.example.com/?t=1', 'https://mcp.example.com/.well-known/oauth-protected-resource?t=1'],
      ['http://127.0.0.1:8080/mcp', 'http://127.0.0.1:8080/.well-known/oauth-protected-resource/mcp'],
      ['http://[::1]:8080/mcp', 'http://[::1]:8080/.well-known/oauth-protected-resource/mcp'],
    ] as const) {
      expect(resourceMetadataUrl(resource)).toBe(url);
    }
  });
});

describe('resourceMetadataPaths', () => {
  // @verifies TOKEN-9728-LOCATION
  it('gives the path of the metadata URL and the root (A-34)', () => {
    expect(resourceMetadataPaths('https://mcp.example.com/mcp')).toEqual([
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-protected-resource',
    ]);
    expect(resourceMetadataPaths('https://mcp.example.com/mcp?t=1')[0]).toBe(
      '/.well-known/oauth-protected-resource/mcp',
    );
  });

  it('gives the root alone for a resource without a path', () => {
    expect(resourceMetadataPaths('https://mcp.example.com/')).toEqual(['/.well-known/oauth-protected-resource']);
    expect(resourceMetadataPaths('https://mcp.example.com?t=1')).toEqual(['/.well-known/oauth-protected-resource']);
  });
});
