import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/audit-log.ts';
import { run } from '../support/run.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const module = join(root, 'examples/notes-server/dist/build-server.js');
const right = join(root, 'examples/notes-server/server-card.json');

const all = { scopes: ['a'] };

async function cardFile(access: object): Promise<string> {
  const file = join(await temporaryDirectory(), 'card.json');
  const card = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'com.example/notes',
    version: '1.0.0',
    description: 'Notes',
    _meta: { 'dev.sallyport/access': access },
  };
  await writeFile(file, JSON.stringify(card));
  return file;
}

describe('card diff', () => {
  it('exits 0 when card and server agree', async () => {
    const { code, stdout, stderr } = await run(['card', 'diff', '--card', right, module]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'PASS  the card and the server agree\n', stderr: '' });
  });

  // @verifies CARD-DRIFT
  it('exits 1 and shows drift in both directions, and names no hidden target', async () => {
    const tools = {
      'read-note': all,
      'write-note': all,
      whoami: { scopes: [] },
      gone: all,
      secret: { ...all, disclosure: 'hide' },
    };
    const file = await cardFile({ scopes: { a: {} }, tools, resources: { 'note:///{id}': all }, prompts: { p: all } });
    const { code, stdout } = await run(['card', 'diff', '--card', file, module]);
    expect(code).toBe(1);
    expect(stdout.trimEnd().split('\n')).toEqual([
      '+  tool "purge-notes" is registered but not in the card: nobody can reach it',
      '-  tool "gone" is in the card but not registered by the server',
      '-  prompt "p" is in the card but not registered by the server',
      '-  1 hidden target of the card is not registered by the server',
    ]);
    const json = await run(['card', 'diff', '--card', file, module, '--json']);
    expect(json.stdout).not.toContain('secret');
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      findings: [{ kind: 'undeclared', target: 'tool', name: 'purge-notes' }, {}, {}, { kind: 'unregistered' }],
    });
  });

  // @verifies CARD-DRIFT
  it('compares signInScopes of the config too', async () => {
    const config = join(await temporaryDirectory(), 'config.json');
    const fields = {
      resource: 'https://example.com/mcp',
      issuers: [{ issuer: 'https://login.example.com' }],
      card: right,
    };
    await writeFile(config, JSON.stringify({ ...fields, signInScopes: ['notes:reed', 'notes:admin'] }));
    const { code, stdout } = await run(['card', 'diff', '--config', config, module]);
    expect(code).toBe(1);
    expect(stdout.trimEnd().split('\n')).toEqual([
      '+  signInScopes names the scope "notes:reed", which the card does not declare',
      '!  signInScopes shows 1 scope that only hidden targets use to everybody',
    ]);
  });

  it.each<[string, readonly string[], string]>([
    ['no card is named', [module], 'no card is named'],
    ['two cards are named', ['--card', right, '--config', 'x.yaml', module], 'both a card and a config are named'],
    ['no server is named', ['--card', right], 'no server is named'],
    ['the card is not there', ['--card', '/nowhere/card.json', module], 'ERR_CARD_UNREADABLE'],
    ['the module is not there', ['--card', right, '/nowhere/x.js'], 'can not be imported'],
  ])('exits 2 when %s', async (_, args, problem) => {
    const { code, stdout, stderr } = await run(['card', 'diff', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(problem);
  });

  it('exits 2 for a card that is not valid', async () => {
    const { code, stderr } = await run(['card', 'diff', '--card', await cardFile({ tools: { t: {} } }), module]);
    expect(code).toBe(2);
    expect(stderr).toContain('ERR_CARD_INVALID');
  });
});

describe('card schema', () => {
  it('prints the JSON Schema', async () => {
    const { code, stdout } = await run(['card', 'schema']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      required: expect.anything() as unknown,
    });
    expect((await run(['card', 'schema', '--json'])).stdout).toBe(`${JSON.stringify(JSON.parse(stdout))}\n`);
  });
});
