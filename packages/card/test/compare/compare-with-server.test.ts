import { describe, expect, it } from 'vitest';
import { compareWithServer, type FetchedCard, type LiveServer } from '../../src/index.ts';

const endpoint = 'https://example.com/mcp';
const card: FetchedCard = {
  kind: 'fetched',
  name: 'com.example/notes',
  version: '1.2.3',
  description: 'Notes.',
  title: 'Notes',
  remotes: [{ type: 'streamable-http', url: endpoint, supportedProtocolVersions: ['2026-07-28', '2025-11-25'] }],
  lists: { tools: ['read', 'write'], resources: ['note:///{id}'], prompts: [], scopes: ['notes:read'] },
  document: {},
};
const server: LiveServer = {
  endpoint,
  transport: 'streamable-http',
  info: { name: 'com.example/notes', version: '1.2.3', title: 'Notes' },
  supportedVersions: ['2026-07-28'],
};

function differences(changes: Partial<LiveServer>, claims: Partial<FetchedCard> = {}): readonly string[] {
  const found = compareWithServer({ ...card, ...claims }, { ...server, ...changes });
  return found.map((one) => `${one.level} ${one.about} ${one.pointer}: ${one.card} | ${one.server}`);
}

describe('compareWithServer', () => {
  it('finds nothing where they agree, and where one of them says nothing', () => {
    expect(differences({})).toEqual([]);
    expect(differences({ info: {} })).toEqual([]);
    expect(differences({}, { remotes: [] })).toEqual([]);
    expect(differences({ lists: {} })).toEqual([]);
  });

  it('takes the part of the name behind the slash for the name', () => {
    expect(differences({ info: { name: 'notes' } })).toEqual([]);
    expect(differences({ info: { name: 'com.example' } })).toEqual([
      'fail name /name: com.example/notes | com.example',
    ]);
  });

  it('compares version, title and description', () => {
    expect(differences({ info: { version: '1.2.4', title: 'Other', description: 'Else.' } })).toEqual([
      'fail version /version: 1.2.3 | 1.2.4',
      'fail title /title: Notes | Other',
      'fail description /description: Notes. | Else.',
    ]);
  });

  it('wants the endpoint among the remotes, however the URL is spelt', () => {
    expect(differences({ endpoint: 'https://EXAMPLE.com:443/mcp' })).toEqual([]);
    expect(differences({ endpoint: 'https://example.com/other' })).toEqual([
      'fail endpoint /remotes: https://example.com/mcp | https://example.com/other',
    ]);
    expect(differences({}, { remotes: [{ type: 'sse', url: 'https://{tenant}.example.com/mcp' }] })).toEqual([]);
  });

  it('compares the transport', () => {
    expect(differences({}, { remotes: [{ type: 'sse', url: endpoint }] })).toEqual([
      'fail transport /remotes/0/type: sse | streamable-http',
    ]);
  });

  it.each([
    [['2026-07-28'], true],
    [['2025-11-25'], true],
    [['2025-06-18'], false],
    [['2026-07-28', '2027-01-01'], false],
    [['2027-01-01'], false],
  ])(
    'of a card that claims 2026-07-28 and 2025-11-25, and a server that says %j, tells whether they agree',
    (versions, agree) => {
      expect(differences({ supportedVersions: versions }).length === 0).toBe(agree);
    },
  );

  it('notes what only one of them lists: that varies by caller', () => {
    expect(differences({ lists: { tools: ['read', 'purge'], prompts: [], resources: [] } })).toEqual([
      'warn lists /tools: also write | also purge',
      'warn lists /resources: also note:///{id} | nothing more',
    ]);
  });
});
