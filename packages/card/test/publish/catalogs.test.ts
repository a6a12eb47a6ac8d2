import { describe, expect, it } from 'vitest';
import { aiCatalog, apiCatalog, loadCard, mediaTypes } from '../../src/index.ts';
import { cardWith, identity } from '../support/access-card.ts';

const cardUrl = 'https://mcp.example.com/mcp/server-card';

describe('aiCatalog', () => {
  it('has one entry, identified by the name of the card turned around', async () => {
    const card = await loadCard({ ...cardWith({}), name: 'com.Example.team/weather', title: 'Weather' });
    expect(aiCatalog(card, { cardUrl })).toEqual({
      specVersion: '1.0',
      entries: [
        {
          identifier: 'urn:air:team.example.com:mcp:weather',
          type: 'application/mcp-server-card+json',
          displayName: 'Weather',
          url: cardUrl,
        },
      ],
    });
  });

  it('shows the name of a card without title', async () => {
    const catalog = aiCatalog(await loadCard(cardWith({})), { cardUrl });
    expect(JSON.stringify(catalog)).toContain(`"displayName":"${identity.name}"`);
  });
});

describe('apiCatalog', () => {
  it('links the endpoint and what describes it', () => {
    const metadataUrl = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';
    expect(apiCatalog({ resource: 'https://mcp.example.com/mcp', cardUrl, metadataUrl })).toEqual({
      linkset: [
        { anchor: 'https://mcp.example.com/.well-known/api-catalog', item: [{ href: 'https://mcp.example.com/mcp' }] },
        {
          anchor: 'https://mcp.example.com/mcp',
          'service-desc': [{ href: cardUrl, type: 'application/mcp-server-card+json' }],
          'service-meta': [{ href: metadataUrl, type: 'application/json' }],
        },
      ],
    });
  });

  it('has the media type of RFC 9727', () => {
    expect(mediaTypes.apiCatalog).toBe('application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"');
  });
});
