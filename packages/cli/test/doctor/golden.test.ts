import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { bentIssuer } from '../support/bent-issuer.ts';
import { runBuilt } from '../support/run.ts';

const golden = fileURLToPath(new URL('../golden/', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'sallyport-doctor-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const resource = 'https://mcp.example.com/mcp';
const card = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
  name: 'com.example/notes',
  version: '1.2.3',
  description: 'Notes',
  _meta: {
    'dev.sallyport/access': { scopes: { 'notes:read': {} }, tools: { 'read-note': { scopes: ['notes:read'] } } },
  },
};

/** Writes what the commands read, for an issuer that runs on a port of this very test. */
async function prepare(): Promise<void> {
  const issuer = await bentIssuer({ metadata: () => ({ registration_endpoint: undefined }) });
  const entra = { profile: 'entra', allowedClients: ['app'] };
  const config = {
    resource,
    issuers: [{ issuer: issuer.issuer, ...entra }],
    card: './server-card.json',
    signInScopes: ['notes:read'],
  };
  const claims = { azp: 'app', uti: 'u1', scp: 'notes:read', iat: 1_700_000_000, exp: 2_000_000_000 };
  await writeFile(join(directory, 'prod.json'), JSON.stringify({ ...config, dangerouslyAllowInsecureIssuers: true }));
  await writeFile(join(directory, 'server-card.json'), JSON.stringify(card));
  await writeFile(join(directory, 'jwks.json'), JSON.stringify(issuer.jwks));
  const wrong = issuer.token({ ...claims, aud: '6f1c0000-1111-4222-8333-444455556666' }, { typ: 'JWT' });
  await writeFile(join(directory, 'wrong.jwt'), wrong);
  await writeFile(join(directory, 'right.jwt'), issuer.token({ ...claims, aud: resource }, { typ: 'JWT' }));
}

const commands: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['doctor', ['doctor', '--config', 'prod.json', '--token-file', 'wrong.jwt']],
  ['doctor-json', ['doctor', '--config', 'prod.json', '--json']],
  ['token-explain', ['token', 'explain', '--token-file', 'right.jwt', '-c', 'prod.json', '--keys', 'jwks.json']],
  [
    'token-explain-refused',
    ['token', 'explain', '--token-file', 'wrong.jwt', '-c', 'prod.json', '--keys', 'jwks.json'],
  ],
  [
    'token-explain-json',
    ['token', 'explain', '--token-file', 'wrong.jwt', '-c', 'prod.json', '--keys', 'jwks.json', '--json'],
  ],
];

/** What a person sees, without what differs from run to run. */
async function transcript(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  await prepare();
  const { code, stdout, stderr } = await runBuilt(args, { cwd: directory, env });
  const streams = [
    ['stdout', stdout],
    ['stderr', stderr],
  ].filter(([, text]) => text !== '');
  const parts = [
    `$ sallyport ${args.join(' ')}`,
    ...streams.flatMap(([name = '', text = '']) => [`--- ${name}`, text.replace(/\n$/, '')]),
    `--- exit ${code}`,
    '',
  ];
  return parts
    .join('\n')
    .replaceAll(directory, '<dir>')
    .replaceAll(/127\.0\.0\.1:\d+( *)/g, '127.0.0.1:<port>$1')
    .replaceAll(/[+-]\d+\.\d s/g, '<offset> s')
    .replaceAll(/after \d+ \([^)]*\)/g, 'after <now>')
    .replaceAll(/ +(?=http:\/\/127\.0\.0\.1:<port>$)/gm, '  ');
}

describe.each(commands)('%s', (name, args) => {
  it('prints for a pipe and for a terminal what it always printed, the same text with and without colours', async () => {
    const pipe = await transcript(args, {});
    expect(pipe).not.toContain('\u001B');
    await expect(pipe).toMatchFileSnapshot(join(golden, `${name}.pipe.txt`));
    const terminal = await transcript(args, { FORCE_COLOR: '1' });
    await expect(terminal).toMatchFileSnapshot(join(golden, `${name}.terminal.txt`));
    expect(terminal.replaceAll(/\u001B\[\d+m/g, '')).toBe(pipe);
  });
});
