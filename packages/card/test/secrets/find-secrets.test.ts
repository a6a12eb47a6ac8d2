import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardWarnings, inspectCard, loadCard, publishedCard } from '../../src/index.ts';
import { cardWith, notesAccess } from '../support/access-card.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

/** Joined here, so that nothing that searches a repository for credentials finds one. */
const joined = (...parts: readonly string[]): string => parts.join('');
const random = 'a1B2'.repeat(9);

const secrets = {
  'a JSON Web Token': joined('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxIn0', '.c2ln'),
  'a private key': joined('-----BEGIN RSA ', 'PRIVATE KEY-----\nMIIB'),
  'an AWS access key': joined('AKIA', 'IOSFODNN7EXAMPLE'),
  'a GitHub token': joined('ghp_', random),
  'a fine-grained GitHub token': joined('github_pat_', random),
  'a Slack token': joined('xoxb-', '1234567890-abcdefghij'),
  'a Slack webhook': joined('https://hooks.slack.com/services/', 'T01234567/B01234567/', random),
  'a GitLab token': joined('glpat-', 'a1B2c3D4e5F6g7H8i9'),
  'a Google API key': joined('AIza', 'SyA1234567890abcdefghijklmnopqrstuv'),
  'a Stripe key': joined('sk_live_', random),
  'a bearer token': joined('Bearer ', '2YotnFZFEjr1zCsicMWpAA'),
  'basic credentials': joined('Basic ', 'dXNlcjpwYXNzd29yZDEy'),
  'a password in a URL': 'https://user:hunter2@example.com/mcp',
  'user information in a URL': 'https://user@example.com/mcp',
  'a token in a query': 'https://example.com/mcp?access_token=hunter2hunter2',
};

/** What stands around or in other words than the forms above. */
const disguised: readonly string[] = [
  // A URL anywhere in a text.
  ...[
    '[docs](https://u:hunter2@host.example/)',
    '[https://u:hunter2@host.example](https://host.example)',
    '<https://u:hunter2@host.example/>',
    '"https://u:hunter2@host.example"',
    "'https://u:hunter2@host.example'",
    '(https://u:hunter2@host.example)',
    'see:https://u:hunter2@host.example',
    'url=https://u:hunter2@host.example',
    '{"db":"postgres://u:hunter2@host.example/d"}',
    'https://safe.example/?next=https://u:hunter2@host.example',
    'https://{user}:hunter2@{host}/',
    'https://u:p]w[2@host.example/',
    'https://u%73er:%68unter2@host.example',
    'HTTPS://U:HUNTER2@HOST.EXAMPLE',
    'mongodb://u:hunter2@a.example:1,b.example:2/d',
    'redis://:hunter2@host.example',
    'jdbc:postgresql://host.example/d?user=a&password=hunter2',
    'jdbc:sqlserver://host.example:1433;databaseName=d;user=sa;password=hunter2',
  ],
  // Its parameters.
  ...[
    'https://h.example/?sig=abcdefgh%3D&se=2030',
    'https://h.example/?X-Amz-Signature=abc123',
    'https://h.example/?access%5Ftoken=hunter2',
    'https://h.example/?a=1;password=hunter2',
    'https://h.example/?key=AbCd1234567890',
    'https://h.example/#access_token=abc123def456',
    'https://h.example/#/route?token=abc123def456',
  ],
  // A name and a value.
  ...[
    'Server=db;User Id=sa;Password=hunter2;',
    'Password=hunter2;Server=db',
    'Server=db; pwd=hunter2',
    'Password=hun=ter2;Server=db',
    joined('DefaultEndpointsProtocol=https;AccountKey=', 'Ab1/'.repeat(22), '==;EndpointSuffix=core.example'),
    joined('AccountKey=', 'Ab1/'.repeat(22), '=='),
    'password=hunter2hunter2',
    joined('aws_secret_access_key=', 'wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY'),
    'x-api-key: 0123456789abcdef',
    '{ apiKey: "0123456789abcdef" }',
  ],
  // Other beginnings.
  ...[
    joined('-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----'),
    joined('-----BEGIN ', 'PRIVATE KEY-----'),
    joined('-----BEGIN ENCRYPTED ', 'PRIVATE KEY'),
    joined('---- BEGIN SSH2 ENCRYPTED ', 'PRIVATE KEY ----'),
    joined('shpat_', '0123456789abcdef'.repeat(2)),
    joined('shpss_', '0123456789abcdef'.repeat(2)),
    joined('dop_v1_', 'a1'.repeat(32)),
    joined('dor_v1_', 'a1'.repeat(32)),
    joined('whsec_', 'a1B2'.repeat(8)),
    joined('sk-or-v1-', '0123456789abcdef'.repeat(4)),
    joined('sk-admin-', random),
    joined('sk-lf-', '01234567-89ab-cdef-0123-456789abcdef'),
    joined('xai-', 'a1'.repeat(40)),
    joined('gsk_', random),
    joined('SK', '0123456789abcdef'.repeat(2)),
    joined('dapi', '0123456789abcdef'.repeat(2)),
    joined('gh\u200Bp_', random),
  ],
];

const placements: Readonly<Record<string, (secret: string) => object>> = {
  'the description of a tool': (secret) =>
    cardWith({ tools: { t: { scopes: [], description: `Use ${secret} here` } } }),
  'the description of a scope': (secret) => cardWith({ scopes: { a: { description: secret } } }),
  'another member': (secret) => ({ ...cardWith({}), 'x-note': { deep: [secret] } }),
  'other metadata': (secret) => ({
    ...cardWith({}),
    _meta: { ...(cardWith({})['_meta'] as object), 'com.example/x': secret },
  }),
  'a header of a remote': (secret) => ({
    ...cardWith({}),
    remotes: [{ type: 'sse', url: 'https://example.com', headers: [{ name: 'X-A', value: secret }] }],
  }),
};

describe('a card that would publish a credential', () => {
  for (const [place, put] of Object.entries(placements)) {
    // @verifies CARD-SECRETS
    it.each(Object.entries(secrets))(`is refused for %s in ${place}, which is not shown`, async (_, secret) => {
      const error = await setupErrorOf(loadCard(put(secret)));
      expect(error.code).toBe('ERR_CARD_INVALID');
      expect(error.problem).toMatch(/looks like .*would be published/);
      for (const part of secret.split(/[\s:@.=-]+/)) if (part.length > 12) expect(error.message).not.toContain(part);
    });
  }

  // @verifies CARD-SECRETS
  it.each(disguised)('is refused for %s in a text and in the name of a member', async (secret) => {
    for (const extra of [{ 'x-note': `Use ${secret}` }, { 'x-note': secret }, { 'x-names': { [secret]: 1 } }]) {
      const error = await setupErrorOf(loadCard({ ...cardWith({}), ...extra }));
      expect(error.code).toBe('ERR_CARD_INVALID');
      expect(error.problem).toContain('looks like');
      expect(error.message).not.toContain('hunter2');
    }
  });

  it('is found in time that grows with the text and no faster', async () => {
    const repeated = ['://', 'a=', 'password=', 'a:', 'http://a@', '-----BEGIN A', '{', '](', 'a://b?c=d&', 'a'];
    for (const part of repeated) {
      const long = { ...cardWith({}), 'x-note': part.repeat(Math.floor(500_000 / part.length)) };
      // Done before the test times out; what takes the square of this text takes hours.
      expect((await inspectCard(long)).mistakeCount).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    'See https://example.com/docs, https://example.com:8443/ and (https://example.com/@alice).',
    'Write to [support](mailto:help@example.com) or [https://example.com](mailto:help@example.com).',
    '| https://example.com|help@example.com |',
    'Clone ssh://git@github.com/a/b.git or git+ssh://git@github.com/a/b.git.',
    'Connect to postgres://{user}:{password}@{host}/db, or postgres://$USER:$PASSWORD@host/db, or redis://:***@host.',
    'Call https://example.com/mcp?api_key=YOUR_API_KEY, ?token=<token>, https://example.com/?token={token}#token=$TOKEN.',
    'Open https://example.com/?reset_password=true, https://example.com/?code=404&key=title, https://example.com/#password.',
    'Set Server=db;User Id=sa;Password={password}; or Password=<password>;',
    'Set password=password; isSecret=true; token=required.',
    'The API key: ask your administrator. Token: a string. Secret: none. Session: 2026-07-28.',
    'Password: at least 16 characters, letters and digits. Authorization: Bearer {token}',
    'The key is between -----BEGIN PUBLIC KEY----- and -----END PUBLIC KEY-----.',
    'A tool for shpat_ tokens, whsec_ secrets, dop_v1_ tokens, sk-or-v1- keys.',
    'The cursor nextPageToken=abc is opaque; sort by primaryKey=id; ask for key=value pairs.',
    'https://unpkg.com/pkg@1.0.0, https://example.com/a;v=1, https://example.com/?q=a@b&sort=key',
  ])('does not take this for a credential: %s', async (text) => {
    expect((await inspectCard({ ...cardWith({}), 'x-note': text })).mistakes).toEqual([]);
  });

  it('is refused for one in the name of a member, which is not shown', async () => {
    const secret = secrets['a GitHub token'];
    const error = await setupErrorOf(loadCard({ ...cardWith({}), [secret]: 1 }));
    expect(error.problem).toContain('has a member whose name looks like a GitHub token');
    expect(error.message).not.toContain(secret);
  });

  it.each([
    [
      'a secret header with a value',
      { headers: [{ name: 'X-Team', isSecret: true, value: 'hunter2' }] },
      '/headers/0/value',
    ],
    [
      'a secret header with a default',
      { headers: [{ name: 'X-Team', isSecret: true, default: 'x' }] },
      '/headers/0/default',
    ],
    [
      'an Authorization header with a value',
      { headers: [{ name: 'Authorization', value: 'Bearer x' }] },
      '/headers/0/value',
    ],
    ['an API key with a default', { headers: [{ name: 'X-Api-Key', default: 'x' }] }, '/headers/0/default'],
    [
      'a secret variable with a default',
      { variables: { t: { isSecret: true, default: 'x' } } },
      '/variables/t/default',
    ],
    ['a variable that is called like one', { variables: { apiKey: { default: 'x' } } }, '/variables/apiKey/default'],
  ])('is refused for %s', async (_, remote, pointer) => {
    const error = await setupErrorOf(
      loadCard({ ...cardWith({}), remotes: [{ type: 'sse', url: 'https://example.com', ...remote }] }),
    );
    expect(error).toMatchObject({
      field: `/remotes/0${pointer}`,
      problem: 'is the value of a secret, and would be published',
    });
  });

  it.each([
    [
      'a description with words about tokens',
      { description: 'Bearer authentication with access tokens; basic troubleshooting' },
    ],
    [
      'a header with a variable',
      {
        remotes: [
          {
            type: 'sse',
            url: 'https://{host}/',
            headers: [{ name: 'Authorization', value: 'Bearer {token}', isSecret: true, isRequired: true }],
          },
        ],
      },
    ],
    ['a repository that git clones by ssh', { repository: { url: 'ssh://git@github.com/a/b.git', source: 'github' } }],
    ['a URL with variables', { remotes: [{ type: 'sse', url: 'https://{user}:{pass}@example.com/?token={token}' }] }],
    ['an icon in a data URI', { icons: [{ src: `data:image/png;base64,${'iVBORw0KGgoAAAANSUhEUgAA'.repeat(20)}` }] }],
    ['words in kebab-case', { description: 'sk-this-is-a-perfectly-normal-name-of-things' }],
    ['a hash', { 'x-commit': 'da39a3ee5e6b4b0d3255bfef95601890afd80709' }],
  ])('is not a card with %s', async (_, change) => {
    expect((await inspectCard({ ...cardWith({}), ...change })).mistakes).toEqual([]);
  });

  it('does not look at what is never published', async () => {
    const secret = secrets['a GitHub token'];
    const hidden = { scopes: [], disclosure: 'hide', description: secret };
    expect((await inspectCard(cardWith({ tools: { t: hidden } }))).mistakes).toEqual([]);
  });

  it('is found wherever it would be published, in either mode', async () => {
    const secret = secrets['a GitHub token'];
    const spot = fc.constantFrom('x', '_meta', 'remotes', 'title', 'y', 'description');
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<unknown>('a', secret, 1, null),
        fc.array(tie('any')),
        fc.dictionary(spot, tie('any')),
      ),
    })).any;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom('x', 'y', 'z'), value), async (extra) => {
        const { card } = await inspectCard({ ...cardWith(notesAccess), ...extra });
        if (card === undefined) return;
        for (const publish of ['full', 'identity'] as const)
          expect(JSON.stringify(publishedCard(card, { publish }))).not.toContain(secret);
      }),
    );
  });
});

describe('what a card should not publish', () => {
  it.each([
    ['http://localhost:8080/mcp', 'names localhost, which nobody outside can reach'],
    ['https://10.1.2.3/mcp', 'names 10.1.2.3, which nobody outside can reach'],
    ['https://[fd00::1]/mcp', 'names fd00::1, which nobody outside can reach'],
    ['https://notes.internal/mcp', 'names notes.internal, which nobody outside can reach'],
    [
      'https://notes.default.svc.cluster.local/',
      'names notes.default.svc.cluster.local, which nobody outside can reach',
    ],
    ['https://notes/', 'names notes, which nobody outside can reach'],
    ['https://example.com:8443/mcp', 'names port 8443'],
  ])('is %s in a remote', async (url, problem) => {
    const card = await loadCard({ ...cardWith({}), remotes: [{ type: 'streamable-http', url }] });
    expect(cardWarnings(card)).toEqual([{ event: 'sallyport.card.inner_address', pointer: '/remotes/0/url', problem }]);
  });

  it.each(['https://example.com/mcp', 'https://{host}/mcp', '{base}/mcp', 'https://8.8.8.8/mcp'])(
    'is not %s',
    async (url) => {
      const card = await loadCard({ ...cardWith({}), remotes: [{ type: 'streamable-http', url }] });
      expect(cardWarnings(card)).toEqual([]);
    },
  );

  it('is a member that is called like a credential', async () => {
    const { warnings } = await inspectCard({ ...cardWith({}), 'x-deploy': { apiKey: 'see the vault' } });
    expect(warnings).toEqual([expect.objectContaining({ finding: 'credential-name', pointer: '/x-deploy/apiKey' })]);
  });
});
