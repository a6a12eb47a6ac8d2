import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/audit-log.ts';
import { startGuardedTarget, type GuardedTarget } from '../support/guarded-target.ts';
import { run, runBuilt, type Ran } from '../support/run.ts';

let target: GuardedTarget;
beforeAll(async () => {
  target = await startGuardedTarget();
});
afterAll(() => target.stop());

const note = '{"id":"9","text":"hi"}';
const attempt = (...args: readonly string[]): Promise<Ran> =>
  run(['try', ...args], { env: { SALLYPORT_URL: target.url } });

/** Runs a command that must not run anything on the server. */
async function refused(...args: readonly string[]): Promise<Ran> {
  const before = await target.effects();
  const ran = await attempt(...args);
  expect(await target.effects()).toEqual(before);
  return ran;
}

async function tokenFile(content: string): Promise<string> {
  const file = join(await temporaryDirectory(), 'token.txt');
  await writeFile(file, content);
  return file;
}

describe('try, as a user of the development IdP', () => {
  it('says yes with the rule and what the tool answered, asking for the scopes the card lists', async () => {
    const { code, stdout, stderr } = await attempt('write-note', '--as', 'alice', '--args', note);
    expect(code).toBe(0);
    expect(stdout).toBe('yes - rule tools.write-note\nStored.\n');
    expect(stderr).toBe(`signed in as alice at ${target.idp.issuer}, granted: notes:write\n`);
    expect((await target.effects()).at(-1)).toBe('write-note alice');
  });

  it('says no with code, missing scopes and rule to who may not have them, and what to do', async () => {
    const { code, stdout, stderr } = await refused('write-note', '--as', 'bob', '--args', note);
    expect(code).toBe(1);
    expect(stdout).toBe('no - ERR_ACCESS_INSUFFICIENT_SCOPE  needs notes:write  rule tools.write-note\n');
    expect(stderr).toContain('next: bob was asked for and not granted notes:write: try another user\n');
    expect(stderr).toContain('https://sallyport.dev/errors/ERR_ACCESS_INSUFFICIENT_SCOPE\n');
  });

  it('does not step up by itself but says which scopes to ask for', async () => {
    const { code, stderr } = await refused('write-note', '--as', 'alice', '--scope', 'notes:read', '--args', note);
    expect(code).toBe(1);
    expect(stderr).toContain('next: ask for it: --scope "notes:read notes:write"\n');
  });

  it('asks for the scopes of a first sign-in where the tool needs none or is not listed', async () => {
    const whoami = await attempt('whoami', '--as', 'alice', '--json');
    expect(JSON.parse(whoami.stdout)).toMatchObject({
      verdict: 'yes',
      rule: 'tools.whoami',
      granted: ['notes:read'],
      protocolVersion: '2026-07-28',
      result: { structuredContent: { sub: 'alice', clientId: 'sallyport-demo', scopes: ['notes:read'] } },
    });
    expect(whoami.stderr).toBe('');
  });

  it('shows a hidden tool like one that does not exist', async () => {
    const hidden = await refused('purge-notes', '--as', 'alice');
    const unknown = await refused('no-such-tool', '--as', 'alice');
    expect(hidden).toEqual(unknown);
    expect(hidden.code).toBe(1);
    expect(hidden.stdout).toBe('no - ERR_ACCESS_UNKNOWN_TARGET\n');
  });

  it('says no where a condition is not met', async () => {
    const args = '{"amount":1001,"currency":"EUR","memo":"m","pin":"1"}';
    const { code, stdout } = await refused('transfer', '--as', 'alice', '--args', args);
    expect(code).toBe(1);
    expect(stdout).toBe('no - ERR_ACCESS_CONDITION  needs payments:write payments:large  rule tools.transfer\n');
  });

  it('counts a call as allowed when the tool itself fails', async () => {
    const { code, stdout, stderr } = await attempt('crash', '--as', 'alice', '--args', '{"mode":"throw"}');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^yes - rule tools\.crash {2}tool_error\n/);
    expect(stderr).toContain('the tool itself reported an error');
  });

  it('follows an answer that is a stream', async () => {
    const { stdout } = await attempt('sleep', '--as', 'alice', '--args', '{"ms":5,"progress":true}', '--quiet');
    expect(stdout).toBe('yes - rule tools.sleep\nSlept 5 ms.\n');
  });

  it('says whom the issuer does not know', async () => {
    const { code, stderr } = await refused('whoami', '--as', 'mallory');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'ERR_CLI_SIGN_IN  the issuer refused: invalid_request, login_hint names nobody; there are alice, bob\n',
    );
  });

  it('names the right URL when the given one is another resource', async () => {
    const { code, stderr } = await refused('whoami', '--as', 'alice', '--url', target.url.replace('/mcp', '/MCP'));
    expect(code).toBe(2);
    expect(stderr).toContain(`use --url ${target.url}\n`);
  });
});

describe('try, with a token from a file or none', () => {
  it('uses the token, and never prints it', async () => {
    const token = await target.idp.mintToken({ user: 'alice', scopes: ['notes:read'], resource: target.url });
    const file = await tokenFile(`${token}\n`);
    const allowed = await attempt('read-note', '--token-file', file, '--args', '{"id":"1"}');
    expect(allowed).toMatchObject({ code: 0, stdout: 'yes - rule tools.read-note\nThe first note.\n', stderr: '' });
    const denied = await refused('write-note', '--token-file', file, '--args', note);
    expect(denied.code).toBe(1);
    expect(denied.stderr).toContain('next: use a token that has notes:write\n');
    for (const { stdout, stderr } of [allowed, denied]) expect(stdout + stderr).not.toContain(token.slice(0, 20));
  });

  it.each([
    ['expired', { expiresInSeconds: -3600 }, 'ERR_TOKEN_EXPIRED'],
    ['for another resource', { resource: 'https://other.example.com/mcp' }, 'ERR_TOKEN_AUD_MISMATCH'],
  ])('says no to a token that is %s', async (_name, options, errorCode) => {
    const token = await target.idp.mintToken({ user: 'alice', resource: target.url, ...options });
    const { code, stdout, stderr } = await refused('whoami', '--token-file', await tokenFile(token));
    expect(code).toBe(1);
    expect(stdout.split('  ')[0]?.trimEnd()).toBe(`no - ${errorCode}`);
    expect(stderr).toContain('next: ');
    expect(stderr).toContain(`https://sallyport.dev/errors/${errorCode}\n`);
  });

  it('says without a token how to get one', async () => {
    const { code, stdout, stderr } = await refused('read-note');
    expect(code).toBe(1);
    expect(stdout).toBe('no - ERR_TOKEN_NO_TOKEN\n');
    expect(stderr).toContain(`next: sign in: sallyport try read-note --url ${target.url} --as <user>`);
  });

  it('exits 2 for a file that holds no token, without a request', async () => {
    const { code, stderr } = await refused('whoami', '--token-file', await tokenFile('Bearer abc'));
    expect(code).toBe(2);
    expect(stderr).toContain('ERR_CLI_TOKEN');
    expect(stderr).not.toContain('abc');
  });
});

describe('the built command', () => {
  it('tells the whole story: refused, allowed, and both in the audit log', async () => {
    const env = { SALLYPORT_URL: target.url };
    const bob = await runBuilt(['try', 'write-note', '--as', 'bob', '--args', note], { env });
    expect(bob.code).toBe(1);
    expect(bob.stdout).toBe('no - ERR_ACCESS_INSUFFICIENT_SCOPE  needs notes:write  rule tools.write-note\n');
    const alice = await runBuilt(['try', 'write-note', '--as', 'alice', '--args', note], { env });
    expect(alice.code).toBe(0);
    const shown = await runBuilt(['audit', 'show', '--config', target.configFile, '--tool', 'write-*', '--last', '2']);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(
      / bob .* tools\/call write-note +deny +insufficient_scope: notes:write +tools\.write-note /,
    );
    expect(shown.stdout).toMatch(/ alice .* tools\/call write-note +allow +ok \d+ ms +tools\.write-note /);
    const checked = await runBuilt(['config', 'check', target.configFile]);
    expect(checked.code).toBe(0);
  });
});
