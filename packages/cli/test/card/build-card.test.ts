import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/audit-log.ts';
import { startGuardedTarget, type GuardedTarget } from '../support/guarded-target.ts';
import { closedOrigin, localServer } from '../support/local-server.ts';
import { run } from '../support/run.ts';

const module = fileURLToPath(new URL('../../../../examples/notes-server/dist/build-server.js', import.meta.url));

interface Written {
  readonly name: string;
  readonly _meta: { readonly 'dev.sallyport/access': Record<string, Record<string, { readonly scopes: unknown }>> };
}

function accessOf(text: string): Written['_meta']['dev.sallyport/access'] {
  return (JSON.parse(text) as Written)._meta['dev.sallyport/access'];
}

describe('card build', () => {
  // @verifies CARD-BUILT-DENIES
  it('writes a card in which everything is to be decided, which lint then names', async () => {
    const out = join(await temporaryDirectory(), 'server-card.json');
    const { code, stdout, stderr } = await run(['card', 'build', module, '--out', out]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain(`wrote ${out}\n5 added, 5 to be decided`);
    expect(stderr).toContain('  decide  tools.purge-notes\n');
    const text = await readFile(out, 'utf8');
    expect((JSON.parse(text) as Written).name).toBe('dev.sallyport/notes');
    for (const rules of [accessOf(text)['tools'], accessOf(text)['resources']])
      for (const rule of Object.values(rules ?? {})) expect(rule.scopes).toBeNull();
    const linted = await run(['card', 'lint', out]);
    expect(linted.code).toBe(1);
    expect(linted.stdout.match(/is null: who may use it is not decided yet/g)).toHaveLength(5);
  });

  it('writes a card that is valid at once for a server that says at each tool who may use it', async () => {
    const out = join(await temporaryDirectory(), 'card.yaml');
    const { stderr } = await run(['card', 'build', module.replace('build-server', 'declared-server'), '--out', out]);
    expect(stderr).toContain('2 added, 0 to be decided');
    const linted = await run(['card', 'lint', out]);
    expect(linted.code, linted.stdout).toBe(0);
    expect(linted.stdout).toContain('tool read-note   notes:read   challenge');
  });

  it('prints JSON without --out, and takes name, version and description', async () => {
    const { stdout } = await run([
      ...['card', 'build', module, '--name', 'com.example/n', '--card-version', '3.0.0', '--description', 'N', '-q'],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'com.example/n', version: '3.0.0', description: 'N' });
  });

  it('brings a card up to date and keeps what a person decided', async () => {
    const out = join(await temporaryDirectory(), 'card.yaml');
    await run(['card', 'build', module, '--out', out]);
    const decided = (await readFile(out, 'utf8'))
      .replace('scopes: null', 'scopes: [] # everybody')
      .replace('scopes: {}', 'scopes: { x: {} }');
    await writeFile(out, decided);
    const again = await run(['card', 'build', module, '--out', out, '--json']);
    expect(await readFile(out, 'utf8')).toBe(decided);
    expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, file: out, added: [], gone: [] });
    await writeFile(out, decided.replace('whoami:', 'who:'));
    const { stderr } = await run(['card', 'build', module, '--out', out]);
    expect(stderr).toContain(`updated ${out}\n1 added`);
    expect(stderr).toContain('  gone    tools.who: not registered by the server any more; kept');
    expect(await readFile(out, 'utf8')).toContain('# everybody');
  });

  it.each<[string, (folder: string) => Promise<readonly string[]> | readonly string[], string]>([
    ['no server is named', () => [], 'error  ERR_CLI_USAGE  no server is named'],
    ['two servers are named', () => [module, '--url', 'http://127.0.0.1:1/mcp'], 'two servers are named'],
    [
      'the module is not there',
      (folder) => [join(folder, 'x.js')],
      'can not be imported: it, or a module it needs, is not there',
    ],
    [
      'the module exports no buildServer',
      (folder) => file(folder, 'x.mjs', 'export const a = 1;'),
      'exports no function buildServer',
    ],
    [
      'the module throws',
      (folder) => file(folder, 'y.mjs', 'throw new Error("no database");'),
      'can not be imported: no database',
    ],
    [
      'buildServer throws',
      (folder) => file(folder, 'z.mjs', 'export const buildServer = () => { throw new Error("no database"); };'),
      'can not be listed: no database',
    ],
    ['the server is not there', async () => ['--url', `${await closedOrigin()}/mcp`], 'ERR_CLI_UNREACHABLE'],
    [
      'the server asks for a token',
      async () => ['--url', await refusing(401)],
      'refuses to list what it has: HTTP 401',
    ],
    ['the server is none', async () => ['--url', await refusing(500)], 'is not one of an MCP server'],
    [
      'the token file is not there',
      (folder) => ['--url', 'http://127.0.0.1:1/', '--token-file', join(folder, 'none')],
      'ERR_CLI_TOKEN',
    ],
    [
      'the file is no card',
      async (folder) => [module, '--out', ...(await file(folder, 'c.json', '{'))],
      ':1:2: the server card is not JSON',
    ],
    [
      'the file can not be written',
      (folder) => [module, '--out', join(folder, 'none', 'c.json')],
      'can not be written (ENOENT)',
    ],
  ])('exits 2 when %s', async (_, args, problem) => {
    const { code, stdout, stderr } = await run(['card', 'build', ...(await args(await temporaryDirectory()))]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(problem);
  });

  it('asks for a name when the server has none that a card can have', async () => {
    const out = join(await temporaryDirectory(), 'c.json');
    const [path = ''] = await file(await temporaryDirectory(), 'n.mjs', named(module));
    const { code, stderr } = await run(['card', 'build', path, '--out', out]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--name: there is no name for the card: "short".*\n.*--name com\.example\/notes/);
  });
});

describe('card build and diff with a running server', () => {
  let target: GuardedTarget;
  beforeAll(async () => {
    target = await startGuardedTarget();
  });
  afterAll(() => target.stop());

  it('write what the token may see, and compare it', async () => {
    const folder = await temporaryDirectory();
    const scopes = [
      'notes:read',
      'notes:write',
      'notes:admin',
      'echo:call',
      'payments:write',
      'reports:run',
      'config:read',
    ];
    const token = await target.idp.mintToken({ subject: 'alice', resource: target.url, scopes });
    const [tokenFile = ''] = await file(folder, 'token', token);
    const out = join(folder, 'c.json');
    const built = await run(['card', 'build', '--url', target.url, '--token-file', tokenFile, '--out', out]);
    expect(built.code, built.stderr).toBe(0);
    expect(Object.keys(accessOf(await readFile(out, 'utf8'))['tools'] ?? {})).toContain('purge-notes');
    const diff = await run([
      'card',
      'diff',
      '--config',
      target.configFile,
      '--url',
      target.url,
      '--token-file',
      tokenFile,
    ]);
    expect({ code: diff.code, stdout: diff.stdout }, diff.stderr).toEqual({
      code: 0,
      stdout: 'PASS  the card and the server agree\n',
    });
  });

  it('say what a token may not see is not registered, without naming what is hidden', async () => {
    const folder = await temporaryDirectory();
    const token = await target.idp.mintToken({ subject: 'alice', resource: target.url, scopes: ['notes:read'] });
    const [tokenFile = ''] = await file(folder, 'token', token);
    const { code, stdout } = await run([
      'card',
      'diff',
      '--config',
      target.configFile,
      '--url',
      target.url,
      '--token-file',
      tokenFile,
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('-  tool "echo" is in the card but not registered by the server\n');
    expect(stdout).toContain('-  1 hidden target of the card is not registered by the server\n');
    expect(stdout).not.toContain('purge-notes');
  });
});

async function file(folder: string, name: string, content: string): Promise<readonly string[]> {
  const path = join(folder, name);
  await writeFile(path, content);
  return [path];
}

async function refusing(status: number): Promise<string> {
  return `${await localServer((_, response) => response.writeHead(status).end())}/mcp`;
}

/** A module whose server is that of another one with a name no card can have. */
function named(other: string): string {
  return [
    `import { buildServer as build } from ${JSON.stringify(other)};`,
    'export const buildServer = (context) => {',
    '  const server = build(context);',
    "  server.server._serverInfo = { name: 'short', version: '1.0.0' };",
    '  return server;',
    '};',
  ].join('\n');
}
