import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, type RunOptions } from '../support/run.ts';
import { temporaryDirectory } from '../support/audit-log.ts';

const card = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
  name: 'com.example/notes',
  version: '1.2.3',
  description: 'Notes',
  _meta: { 'dev.sallyport/access': { scopes: { read: {} }, tools: { 'read-note': { scopes: ['read'] } } } },
};
const config = {
  resource: 'https://mcp.example.com/mcp',
  issuers: [{ issuer: 'https://login.example.com', allowedClients: ['notes-app'] }],
  card: './server-card.json',
  signInScopes: ['read'],
  audit: { stream: 'pod-a', hashKey: '${env:HASH_KEY}' },
};
const secret = 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ=';

async function check(content: unknown, options: RunOptions & { readonly args?: readonly string[] } = {}) {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'server-card.json'), JSON.stringify(card));
  const file = join(directory, 'config.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  const ran = await run(['config', 'check', file, ...(options.args ?? [])], { env: { HASH_KEY: secret }, ...options });
  return { ...ran, directory };
}

describe('config check', () => {
  it('prints the effective values under the names of their fields, and what the card is', async () => {
    const { code, stdout, stderr, directory } = await check(config);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^PASS {2}\S+config\.json {2}sha256:[0-9a-f]{64}\n\n/);
    const values = new Map(
      stdout
        .split('\n')
        .slice(2, -1)
        .map((line) => line.split(/ {2,}/) as [string, string]),
    );
    expect(values.get('resource')).toBe('https://mcp.example.com/mcp');
    expect(values.get('issuers[0].issuer')).toBe('https://login.example.com');
    expect(values.get('issuers[0].audience')).toBe('https://mcp.example.com/mcp');
    expect(values.get('issuers[0].allowedClients')).toBe('notes-app');
    expect(values.get('issuers[0].jwksUri')).toBe('from the metadata of the issuer');
    expect(values.get('card')).toBe(join(directory, 'server-card.json'));
    expect(stdout).toContain('(com.example/notes 1.2.3: 1 tool, 0 resources, 0 prompts)');
    expect(values.get('audit.directory')).toBe(join(directory, 'audit'));
    expect(values.get('audit.hashKey')).toBe('set');
    expect(values.get('network.allowedOrigins')).toBe('none');
    expect(values.get('rateLimits.perAddress')).toBe('5000 requests in 1 s');
  });

  it('never shows a secret and writes nothing', async () => {
    for (const args of [[], ['--json']]) {
      const { stdout, stderr, directory } = await check(config, { args });
      expect(stdout + stderr).not.toContain(secret);
      expect(stdout + stderr).not.toContain(secret.slice(0, 10));
      expect(await readdir(directory)).toEqual(['config.json', 'server-card.json']);
    }
  });

  it('prints the same as one JSON value with --json', async () => {
    const { stdout } = await check(config, { args: ['--json'] });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      config: {
        publish: 'full',
        audit: { hashKey: 'set', mode: 'strict' },
        rateLimits: { perAddress: { points: 5000, windowMs: 1000 } },
      },
      card: { name: 'com.example/notes', tools: 1 },
      warnings: [],
    });
  });

  it('warns on stderr, also with --quiet', async () => {
    const insecure = { ...config, resource: 'http://127.0.0.1:8080/mcp', dangerouslyAllowInsecureIssuers: true };
    const { code, stderr } = await check(insecure, { args: ['--quiet'] });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning {2}dangerouslyAllowInsecureIssuers is on/);
  });

  it.each([
    ['an unknown field', { ...config, sope: 1 }, 'ERR_CONFIG_INVALID', 'sope'],
    [
      'an http issuer',
      { ...config, issuers: [{ issuer: 'http://login.example.com' }] },
      'ERR_CONFIG_INVALID',
      'issuers[0].issuer',
    ],
    ['a feature that is not there', { ...config, legacy: 'sessions' }, 'ERR_CONFIG_UNAVAILABLE', 'legacy'],
    [
      'sign-in scopes the card does not declare',
      { ...config, signInScopes: ['read', 'write'] },
      'ERR_CONFIG_INVALID',
      'signInScopes[1]',
    ],
    ['a card that is not there', { ...config, card: './other.json' }, 'ERR_CARD_UNREADABLE', 'other.json'],
    ['an inline card that is wrong', { ...config, card: { ...card, version: 7 } }, 'ERR_CARD_INVALID', '/card/version'],
    ['text that is not JSON', '{"resource":', 'ERR_CONFIG_UNREADABLE', 'config.json'],
  ])('exits 1 for %s, with place, remedy and page', async (_name, content, errorCode, place) => {
    const { code, stdout } = await check(content);
    expect(code).toBe(1);
    const [first = '', remedy = '', page] = stdout.split('\n');
    expect(first).toMatch(new RegExp(`^FAIL  ${errorCode}  `));
    expect(first).toContain(place);
    expect(remedy).toMatch(/^ {6}\S/);
    expect(page).toBe(`      https://sallyport.dev/errors/${errorCode}`);
    const json = await check(content, { args: ['--json'] });
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, error: { code: errorCode } });
  });

  it('exits 2 for a file that can not be read', async () => {
    const { code, stdout, stderr } = await run(['config', 'check', '/nowhere/sallyport.config.yaml']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('error  ERR_CONFIG_UNREADABLE  /nowhere/sallyport.config.yaml: ');
  });
});
