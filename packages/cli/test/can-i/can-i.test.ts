import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDevIdp } from '@sallyport/dev-idp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../support/audit-log.ts';
import { run, type Ran } from '../support/run.ts';

const resource = 'http://127.0.0.1:8080/mcp';
const card = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
  name: 'com.example/notes',
  version: '1.0.0',
  description: 'Notes',
  _meta: {
    'dev.sallyport/access': {
      scopes: { read: {}, write: { implies: ['read'] }, large: {} },
      tools: {
        whoami: { scopes: [] },
        'write-note': { scopes: ['write'] },
        db_query: { scopes: ['read'], groups: ['dba'] },
        admin: { scopes: ['read'], roles: ['admin'] },
        pay: { scopes: ['write'], when: "args.amount <= 1000 || 'large' in principal.scopes", stepUp: ['large'] },
        strong: { scopes: ['read'], authentication: { acrValues: ['mfa'], maxAgeSeconds: 60 } },
        secret: { scopes: ['write'], disclosure: 'hide' },
      },
      resources: { 'note:///{id}': { scopes: ['read'] } },
      prompts: { sum: { scopes: ['read'], when: "args.style == 'short'" } },
    },
  },
};

async function cardFile(): Promise<string> {
  const file = join(await temporaryDirectory(), 'card.json');
  await writeFile(file, JSON.stringify(card));
  return file;
}

async function canI(...args: readonly string[]): Promise<Ran> {
  return run(['can-i', '--card', await cardFile(), ...args]);
}

/** An unsigned token with these claims. */
async function tokenFile(claims: object): Promise<string> {
  const file = join(await temporaryDirectory(), 'token');
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  await writeFile(file, `${part({ alg: 'none' })}.${part(claims)}.x`);
  return file;
}

describe('can-i', () => {
  it.each<[string, readonly string[]]>([
    ['yes - rule tools.write-note', ['--scopes', 'write', '--tool', 'write-note']],
    ['yes - rule tools.whoami', ['--scopes', '', '--tool', 'whoami']],
    ['yes - rule tools.db_query', ['--scopes', 'read', '--groups', 'ops, dba', '--tool', 'db_query']],
    ['yes - rule tools.admin', ['--scopes', 'read', '--roles', 'admin', '--tool', 'admin']],
    ['yes - rule tools.pay', ['--scopes', 'write', '--tool', 'pay', '--args', '{"amount":1}']],
    ['yes - rule tools.pay', ['--scopes', 'write large', '--tool', 'pay', '--args', '{"amount":5000}']],
    ['yes - rule tools.strong', ['--scopes', 'read', '--acr', 'mfa', '--auth-age', '30', '--tool', 'strong']],
    ['yes - rule resources.note:///{id}', ['--scopes', 'write', '--resource', 'note:///1']],
    ['yes - rule prompts.sum', ['--scopes', 'read', '--prompt', 'sum', '--args', '{"style":"short"}']],
  ])('says %s for %j', async (first, args) => {
    const { code, stdout, stderr } = await canI(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n', 1)).toEqual([first]);
  });

  it.each<[RegExp, readonly string[]]>([
    [/^no - needs write {3}rule tools\.write-note$/, ['--scopes', 'read', '--tool', 'write-note']],
    [/^no - group dba required {3}rule tools\.db_query$/, ['--scopes', 'read', '--tool', 'db_query']],
    [/^no - role admin required {3}rule tools\.admin$/, ['--scopes', 'read', '--tool', 'admin']],
    [/^no - .* {3}rule tools\.pay$/, ['--scopes', 'write', '--tool', 'pay', '--args', '{"amount":5000}']],
    [/^no - .* {3}rule tools\.pay$/, ['--scopes', 'write', '--tool', 'pay']],
    [/^no - .* {3}rule tools\.strong$/, ['--scopes', 'read', '--acr', 'mfa', '--auth-age', '61', '--tool', 'strong']],
    [/^no - .*write.* {3}rule tools\.secret$/, ['--scopes', 'read', '--tool', 'secret']],
    [/^no - .* {3}rule default$/, ['--scopes', 'write', '--tool', 'nope']],
    [/^no - .* {3}rule default$/, ['--scopes', 'write', '--tool', 'WHOAMI']],
  ])('says %s for %j', async (first, args) => {
    const { code, stdout } = await canI(...args);
    expect(code).toBe(1);
    expect(stdout.split('\n', 1)[0]).toMatch(first);
  });

  it('explains every check, and the code a caller would get', async () => {
    const { stdout } = await canI('--scopes', 'read', '--tool', 'write-note');
    expect(stdout).toMatch(/^CHECK +RULE +OUTCOME +DETAIL$/m);
    expect(stdout).toMatch(/^method +methods\.tools\/call +pass /m);
    expect(stdout).toMatch(/^scopes +tools\.write-note +fail /m);
    expect(stdout).toContain(
      'ERR_ACCESS_INSUFFICIENT_SCOPE  https://sallyport.dev/errors/ERR_ACCESS_INSUFFICIENT_SCOPE',
    );
  });

  it('prints the same as one JSON value with --json', async () => {
    const { code, stdout } = await canI('--scopes', 'read', '--tool', 'write-note', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      allowed: false,
      rule: 'tools.write-note',
      code: 'ERR_ACCESS_INSUFFICIENT_SCOPE',
      missingScopes: ['write'],
      caller: { scopes: ['read'] },
    });
  });

  it('does not show the arguments, which may be secret', async () => {
    const { stdout, stderr } = await canI(
      '--scopes',
      'write',
      '--tool',
      'pay',
      '--args',
      '{"amount":1,"pin":"hunter2"}',
    );
    expect(stdout + stderr).not.toContain('hunter2');
  });

  it.each<[string, readonly string[], string]>([
    ['nothing is asked about', ['--scopes', 'read'], 'it is not said what is to be used'],
    ['two things are asked about', ['--scopes', 'read', '--tool', 'a', '--prompt', 'b'], 'one question at a time'],
    ['it is not said who asks', ['--tool', 'a'], 'it is not said who asks'],
    ['the arguments are no JSON', ['--scopes', 'a', '--tool', 'a', '--args', '{'], '--args: is not JSON'],
    [
      'the arguments name a member twice, which a server refuses',
      ['--scopes', 'a', '--tool', 'a', '--args', '{"a":1,"\\u0061":2}'],
      '--args: names a member twice in one object, which a server refuses',
    ],
    [
      'the arguments are nested too deeply',
      ['--scopes', 'a', '--tool', 'a', '--args', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`],
      '--args: is refused by a server: nested deeper than 64 levels',
    ],
    ['the scopes are none', ['--scopes', 'a"b', '--tool', 'a'], 'Expected scopes separated by spaces'],
    ['both scopes and a token are named', ['--scopes', 'a', '--token-file', 't', '--tool', 'a'], "'--token-file"],
    ['the token is not there', ['--token-file', '/nowhere/t', '--tool', 'a'], 'ERR_CLI_TOKEN'],
  ])('exits 2 when %s', async (_, args, problem) => {
    const { code, stdout, stderr } = await canI(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(problem);
  });
});

describe('can-i with a token', () => {
  const now = Date.parse('2026-11-20T22:00:00Z') / 1000;

  it('reads its claims without verifying them, and says so', async () => {
    const file = await tokenFile({
      sub: 'a',
      scope: 'read',
      groups: ['dba'],
      exp: now + 60,
      acr: 'mfa',
      auth_time: now - 30,
    });
    for (const tool of ['db_query', 'strong']) {
      const { code, stdout, stderr } = await canI('--token-file', file, '--tool', tool);
      expect({ code, first: stdout.split('\n', 1)[0] }).toEqual({ code: 0, first: `yes - rule tools.${tool}` });
      expect(stderr).toBe(
        'warning  the claims of the token were read and not verified: use --config for what a server would say\n',
      );
    }
  });

  it('takes scopes from scp as well, and options before claims', async () => {
    const file = await tokenFile({ scp: ['read'], exp: now + 60 });
    expect((await canI('--token-file', file, '--tool', 'db_query')).code).toBe(1);
    expect((await canI('--token-file', file, '--groups', 'dba', '--tool', 'db_query')).code).toBe(0);
  });

  it('warns of a token that has expired', async () => {
    const { stderr } = await canI('--token-file', await tokenFile({ scope: 'read', exp: now - 1 }), '--tool', 'whoami');
    expect(stderr).toContain('warning  the token has expired: a server refuses it\n');
  });

  it('exits 2 for an opaque token without its issuer', async () => {
    const file = join(await temporaryDirectory(), 'token');
    await writeFile(file, 'opaque');
    const { code, stderr } = await canI('--token-file', file, '--tool', 'whoami');
    expect(code).toBe(2);
    expect(stderr).toContain('is no JWT');
  });

  it('verifies it as the server would with --config, and never prints it', async () => {
    const idp = await startDevIdp({ quiet: true, resources: [resource] });
    onTestFinished(() => idp.close());
    const folder = await temporaryDirectory();
    const config = join(folder, 'config.json');
    await writeFile(
      config,
      JSON.stringify({ resource, issuers: [{ issuer: idp.issuer }], card, dangerouslyAllowInsecureIssuers: true }),
    );
    const ask = async (token: string): Promise<Ran> => {
      await writeFile(join(folder, 'token'), token);
      const args = ['can-i', '--config', config, '--token-file', join(folder, 'token'), '--tool', 'write-note'];
      const ran = await run(args, { now: Date.now() });
      expect(ran.stdout + ran.stderr).not.toContain(token.split('.')[2]);
      return ran;
    };
    const good = await ask(await idp.mintToken({ subject: 'alice', resource, scopes: ['write'] }));
    expect({ code: good.code, stderr: good.stderr }).toEqual({ code: 0, stderr: '' });
    expect(good.stdout).toContain('yes - rule tools.write-note');
    const other = await ask(
      await idp.mintToken({ subject: 'alice', resource: 'https://other.example/mcp', scopes: ['write'] }),
    );
    expect(other.code).toBe(1);
    expect(other.stdout).toMatch(/^no - ERR_TOKEN_AUD_MISMATCH {2}.* {3}rule token\n$/);
    await idp.close();
    const nobody = await ask(await tokenOf(idp.issuer));
    expect(nobody.code).toBe(2);
    expect(nobody.stdout).toMatch(/^unknown - /);
  });
});

/** A token of an issuer that is not there any more. */
async function tokenOf(iss: string): Promise<string> {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss, aud: resource, sub: 'a', client_id: 'c', exp: Date.now() / 1000 + 600, iat: Date.now() / 1000 };
  return Promise.resolve(`${part({ alg: 'RS256', typ: 'at+jwt', kid: 'k' })}.${part(claims)}.${'A'.repeat(342)}`);
}
