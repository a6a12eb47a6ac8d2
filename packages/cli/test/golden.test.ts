import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAuditLog } from '@sallyport/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls, closedStory, signingKey, signSegment, story, writeSegment } from './support/audit-log.ts';
import { runBuilt } from './support/run.ts';

const golden = fileURLToPath(new URL('./golden/', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const notesServer = join(root, 'examples/notes-server/dist/build-server.js');
const directory = mkdtempSync(join(tmpdir(), 'sallyport-golden-'));

const card = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
  name: 'com.example/notes',
  version: '1.2.3',
  description: 'Notes',
  _meta: {
    'dev.sallyport/access': {
      scopes: {
        'notes:read': { description: 'Read notes' },
        'notes:write': { implies: ['notes:read'] },
        'notes:old': {},
      },
      tools: {
        'read-note': { scopes: ['notes:read'] },
        'write-note': { scopes: ['notes:write'], sensitive: ['/text'] },
        'purge-notes': { scopes: ['notes:write'], disclosure: 'hide' },
        whoami: { scopes: [] },
      },
      resources: { 'note:///{id}': { scopes: ['notes:read'] } },
    },
  },
};
const config = {
  resource: 'http://127.0.0.1:8080/mcp',
  issuers: [{ issuer: 'http://127.0.0.1:9000' }],
  card: './server-card.json',
  signInScopes: ['notes:read'],
  audit: { stream: 'pod-a' },
  dangerouslyAllowInsecureIssuers: true,
};

beforeAll(async () => {
  // A directory that no config names is a copy, and stays as it is.
  for (const name of ['copy', 'signed', 'altered']) await mkdir(join(directory, name));
  await writeSegment(join(directory, 'copy'), story);
  await writeSegment(join(directory, 'signed'), closedStory);
  await writeFile(join(directory, 'held.checkpoint'), await signSegment(join(directory, 'signed')));
  await writeFile(join(directory, 'log.pub'), `${signingKey.verifier.vkey}\n`);
  await writeSegment(join(directory, 'altered'), closedStory);
  await signSegment(join(directory, 'altered'));
  const changed = closedStory.map((fields) => ({
    ...fields,
    ...(fields['call'] === calls.purge && { tampered: true }),
  }));
  await writeSegment(join(directory, 'altered'), changed);
  await writeFile(join(directory, 'server-card.json'), JSON.stringify(card));
  await writeFile(
    join(directory, 'replay-card.json'),
    JSON.stringify(card)
      .replace('["notes:write"],"disc', '[],"groups":["ops"],"disc')
      .replace('"read-note":{"scopes":["notes:read"]', '"read-note":{"scopes":["notes:old"]'),
  );
  const hashKey = Buffer.alloc(32, 5);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  await (
    await openAuditLog({ directory: join(directory, 'hashed'), stream: 'pod-a', origin: 'x.example', hashKey, log })
  ).close();
  await writeFile(join(directory, 'hash.key'), hashKey.toString('hex'), { mode: 0o600 });
  await writeFile(join(directory, 'iban.txt'), 'DE02120300000000202051\n');
  await writeFile(join(directory, 'sallyport.config.json'), JSON.stringify(config));
  await writeFile(
    join(directory, 'wrong-card.yaml'),
    [
      `$schema: ${card.$schema}`,
      'name: notes',
      'version: 1.2.3',
      'description: Notes',
      '_meta:',
      '  dev.sallyport/access:',
      '    scopes: { notes:read: {} }',
      '    tools:',
      '      read-note: { scopes: [notes:raed] }',
      '      write-note: { scopes: null }',
      '',
    ].join('\n'),
  );
  await writeFile(
    join(directory, 'wrong.json'),
    JSON.stringify({ ...config, issuers: [{ issuer: 'http://login.example.com' }] }),
  );
  await runBuilt(['audit', 'prove', 'signed', '--call', calls.read, '--out', 'call.proof.json'], { cwd: directory });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A value to hash, and the key. */
const hashed = ['--tool', 'transfer', '--path', '/iban', '--value-file', 'iban.txt', '--key-file', 'hash.key'];

const commands: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['help', ['--help']],
  ['config-check', ['config', 'check', 'sallyport.config.json']],
  ['config-check-wrong', ['config', 'check', 'wrong.json']],
  ['card-lint', ['card', 'lint', 'server-card.json']],
  ['card-lint-wrong', ['card', 'lint', 'wrong-card.yaml']],
  ['card-build', ['card', 'build', notesServer, '--name', 'com.example/notes']],
  ['card-diff', ['card', 'diff', '--card', 'server-card.json', notesServer]],
  ['can-i', ['can-i', '--card', 'server-card.json', '--scopes', 'notes:read', '--tool', 'write-note']],
  ['can-i-yes', ['can-i', '--card', 'server-card.json', '--scopes', 'notes:write', '--tool', 'read-note']],
  ['can-i-json', ['can-i', '--card', 'server-card.json', '--scopes', '', '--resource', 'note:///1', '--json']],
  ['audit-show', ['audit', 'show', 'copy']],
  ['audit-show-call', ['audit', 'show', 'copy', '--call', calls.read]],
  ['audit-show-json', ['audit', 'show', 'copy', '--json', '--decision', 'deny']],
  ['audit-tail', ['audit', 'tail', 'copy', '-n', '5']],
  ['audit-tail-json', ['audit', 'tail', 'copy', '-n', '1', '--json']],
  ['audit-verify', ['audit', 'verify', 'signed', '--key', 'log.pub', '--checkpoint', 'held.checkpoint']],
  ['audit-verify-unpinned', ['audit', 'verify', 'signed']],
  ['audit-verify-refuted', ['audit', 'verify', 'altered', '--key', 'log.pub']],
  ['audit-verify-json', ['audit', 'verify', 'altered', '--key', 'log.pub', '--json']],
  ['audit-verify-nothing', ['audit', 'verify', 'nowhere']],
  ['audit-verify-proof', ['audit', 'verify', '--proof', 'call.proof.json', '--key', 'log.pub']],
  ['audit-prove', ['audit', 'prove', 'signed', '--seq', '3']],
  ['audit-prove-json', ['audit', 'prove', 'signed', '--call', calls.read, '--json']],
  ['audit-keys-list', ['audit', 'keys', 'list', 'signed']],
  ['audit-keys-list-json', ['audit', 'keys', 'list', 'signed', '--json']],
  ['audit-keys-pin', ['audit', 'keys', 'pin', 'signed', '--pins', 'log.pub']],
  ['audit-keys-pin-json', ['audit', 'keys', 'pin', 'signed', '--pins', 'log.pub', '--json']],
  ['audit-keys-rotate', ['audit', 'keys', 'rotate', 'signed']],
  ['audit-keys-rotate-json', ['audit', 'keys', 'rotate', 'signed', '--json']],
  ['audit-export-csv', ['audit', 'export', 'signed', '--format', 'csv', '--decision', 'allow']],
  ['audit-export-ocsf', ['audit', 'export', 'signed', '--format', 'ocsf']],
  ['audit-export-jsonl-json', ['audit', 'export', 'signed', '--format', 'jsonl', '--decision', 'deny', '--json']],
  ['audit-query', ['audit', 'query', 'copy', '--decision', 'deny', '--sort', '-time']],
  ['audit-query-json', ['audit', 'query', 'copy', '--subject', 'alice', '--limit', '1', '--json']],
  ['audit-query-groups', ['audit', 'query', 'copy', '--group-by', 'subject,decision']],
  [
    'audit-query-sql',
    ['audit', 'query', 'copy', '--sql', 'SELECT tool, count(*) AS n FROM calls GROUP BY ALL ORDER BY 1'],
  ],
  ['audit-query-sql-refused', ['audit', 'query', 'copy', '--sql', "SELECT * FROM read_text('/etc/passwd')"]],
  ['audit-query-nowhere', ['audit', 'query', 'nowhere']],
  ['audit-report-nowhere', ['audit', 'report', 'nowhere', '--out', 'report.html']],
  ['audit-report-no-place', ['audit', 'report', 'signed']],
  ['audit-replay', ['audit', 'replay', 'copy', '--card', 'replay-card.json']],
  ['audit-replay-json', ['audit', 'replay', 'copy', '--card', 'replay-card.json', '--json']],
  [
    'audit-replay-same',
    ['audit', 'replay', 'copy', '--card', 'replay-card.json', '--tool', 'w*', '--expect-no-change'],
  ],
  ['audit-replay-nowhere', ['audit', 'replay', 'nowhere', '--card', 'replay-card.json']],
  ['audit-hash', ['audit', 'hash', 'hashed', ...hashed]],
  ['audit-hash-json', ['audit', 'hash', 'hashed', ...hashed, '--json']],
  ['audit-hash-no-key', ['audit', 'hash', 'hashed', ...hashed.slice(0, -2)]],
  ['usage', ['audit', 'show', '--since', 'yesterday']],
  ...[
    'show',
    'query',
    'tail',
    'verify',
    'prove',
    'export',
    'report',
    'replay',
    'hash',
    'keys list',
    'keys pin',
    'keys rotate',
  ].map((verb) => [`help-audit-${verb.replace(' ', '-')}`, ['audit', ...verb.split(' '), '--help']] as const),
];

/** What a person sees, with the streams and the exit code named, and the temporary directory as `<dir>`. */
async function transcript(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const { code, stdout, stderr } = await runBuilt(args, { cwd: directory, env });
  const parts = [
    `$ sallyport ${args.join(' ')}`,
    ...section('stdout', stdout),
    ...section('stderr', stderr),
    `--- exit ${code}`,
    '',
  ];
  return parts
    .join('\n')
    .replaceAll(directory, '<dir>')
    .replaceAll(root, '<root>/')
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:<hash>');
}

function section(name: string, text: string): readonly string[] {
  return text === '' ? [] : [`--- ${name}`, text.replace(/\n$/, '')];
}

describe.each(commands)('%s', (name, args) => {
  it('prints for a pipe what it always printed, without escape codes', async () => {
    const printed = await transcript(args, {});
    expect(printed).not.toContain('\u001B');
    await expect(printed).toMatchFileSnapshot(join(golden, `${name}.pipe.txt`));
  });

  it('prints for a terminal what it always printed, the same text with colours', async () => {
    const printed = await transcript(args, { FORCE_COLOR: '1' });
    await expect(printed).toMatchFileSnapshot(join(golden, `${name}.terminal.txt`));
    const plain = await readFile(join(golden, `${name}.pipe.txt`), 'utf8');
    expect(printed.replaceAll(/\u001B\[\d+m/g, '')).toBe(plain);
  });
});

it('NO_COLOR wins over everything that asks for colours', async () => {
  const args = ['card', 'lint', 'server-card.json'];
  const plain = await runBuilt(args, { cwd: directory });
  const both = await runBuilt(args, { cwd: directory, env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
  expect(both.stdout).toBe(plain.stdout);
});
