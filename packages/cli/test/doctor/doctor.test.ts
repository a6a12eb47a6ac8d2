import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/audit-log.ts';
import { startGuardedTarget, type GuardedTarget } from '../support/guarded-target.ts';
import { run, type Ran } from '../support/run.ts';

let target: GuardedTarget;
beforeAll(async () => {
  target = await startGuardedTarget({ network: { allowedOrigins: ['https://app.example.com'] } });
});
afterEach(() => target.idp.heal());
afterAll(() => target.stop());

const doctor = (...args: readonly string[]): Promise<Ran> =>
  run(['doctor', '--config', target.configFile, ...args], { now: Date.now() });

async function tokenFile(token: string): Promise<string> {
  const file = join(await temporaryDirectory(), 'token.txt');
  await writeFile(file, token);
  return file;
}

describe('doctor, against the target and the development IdP', () => {
  it('finds nothing wrong with a guarded server and a good token', async () => {
    const token = await target.idp.mintToken({ user: 'alice', scopes: ['notes:read'] });
    const { code, stdout, stderr } = await doctor('--url', target.url, '--token-file', await tokenFile(token));
    expect(stdout).not.toContain('FAIL');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/\n\d+ passed, 0 failed(?:, .*)?\n$/);
    for (const line of [
      `PASS  audience        token has aud ${target.url}`,
      'PASS  refusals        "Bearer anything" is refused',
      'PASS  refusals        a token for another audience is refused',
      'PASS  refusals        the given token with its signature changed is refused',
      'PASS  token           the server accepts it too (HTTP 200)',
      'PASS  cors            preflight of https://app.example.com is granted with the headers of MCP',
    ])
      expect(stdout).toContain(line);
  });

  it('runs nothing on the server and writes no part of the token', async () => {
    const token = await target.idp.mintToken({ user: 'alice' });
    const before = await target.effects();
    const { stdout, stderr } = await doctor('--json', '--url', target.url, '--token-file', await tokenFile(token));
    expect(await target.effects()).toEqual(before);
    for (const part of [token, ...token.split('.')]) expect(stdout + stderr).not.toContain(part);
  });

  it('prints one JSON object for each finding and one for the sum', async () => {
    const { stdout } = await doctor('--json');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({ ok: true, failed: 0 });
    expect(lines[0]).toEqual({ check: 'config', status: 'pass', what: `${target.configFile} is valid` });
    expect(lines.filter(({ check }) => check === 'server')).toMatchObject([{ status: 'skip' }]);
  });

  it('sees that the server refuses a token for another resource, and says why', async () => {
    const token = await target.idp.mintToken({ user: 'alice', resource: 'https://other.example.com/mcp' });
    const { code, stdout } = await doctor('--url', target.url, '--token-file', await tokenFile(token));
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  audience        token has aud https://other.example.com/mcp');
    expect(stdout).toContain('https://sallyport.dev/errors/ERR_TOKEN_AUD_MISMATCH\n');
    expect(stdout).toContain('PASS  refusals        the given token is refused\n');
  });

  it('sees that the server refuses a token that its config would accept', async () => {
    const file = join(await temporaryDirectory(), 'config.json');
    const { readFile } = await import('node:fs/promises');
    const config = JSON.parse(await readFile(target.configFile, 'utf8')) as { issuers: object[]; card: string };
    const [issuer] = config.issuers;
    const card = join(target.configFile, '..', 'server-card.json');
    await writeFile(
      file,
      JSON.stringify({ ...config, card, issuers: [{ ...issuer, audience: ['https://other.example.com/mcp'] }] }),
    );
    const token = await target.idp.mintToken({ user: 'alice', resource: 'https://other.example.com/mcp' });
    const { code, stdout } = await run(
      ['doctor', '-c', file, '--url', target.url, '--token-file', await tokenFile(token)],
      { now: Date.now() },
    );
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  token           the config accepts the token and the server refuses it (HTTP 401');
  });

  it.each([
    ['metadata', 'down', 'has no usable metadata'],
    ['metadata', 'html', 'the answer is not JSON by its Content-Type'],
    ['metadata', 'redirect', 'answered 307'],
    ['jwks', 'html', 'the answer is not JSON by its Content-Type'],
    ['jwks', 'huge', 'longer than 1048576 bytes'],
  ] as const)('says what is wrong when the %s of the issuer are %s', async (endpoint, mode, problem) => {
    target.idp.fail({ endpoint, mode });
    const { code, stdout } = await doctor();
    expect(code).toBe(1);
    expect(stdout).toContain(problem);
    expect(stdout).toContain('https://sallyport.dev/errors/ERR_TOKEN_IDP_UNAVAILABLE\n');
  });
});

describe('doctor, when it can not run', () => {
  it('ends with 2 for a config, a token or a URL that can not be used', async () => {
    expect((await run(['doctor', '-c', '/nowhere.json'])).code).toBe(2);
    expect((await doctor('--token-file', '/nowhere')).code).toBe(2);
    expect((await doctor('--url', 'http://mcp.example.com/mcp')).code).toBe(2);
    expect((await doctor('--replicas', 'many')).code).toBe(2);
  });

  it('reports a config that is wrong as the one thing that failed', async () => {
    const file = join(await temporaryDirectory(), 'config.json');
    await writeFile(file, JSON.stringify({ resource: 'http://mcp.example.com/mcp' }));
    const { code, stdout } = await run(['doctor', '-c', file]);
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  config ');
    expect(stdout).toContain('0 passed, 1 failed\n');
  });

  it('reports a card that is wrong, and goes on with the rest', async () => {
    const file = join(await temporaryDirectory(), 'config.json');
    const config = {
      resource: target.url,
      issuers: [{ issuer: target.idp.issuer }],
      card: './none.json',
      dangerouslyAllowInsecureIssuers: true,
    };
    await writeFile(file, JSON.stringify(config));
    const { code, stdout } = await run(['doctor', '-c', file], { now: Date.now() });
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  card ');
    expect(stdout).toContain('https://sallyport.dev/errors/ERR_CARD_UNREADABLE\n');
    expect(stdout).toContain('PASS  issuer ');
  });

  it('reports a server that does not answer', async () => {
    const { code, stdout } = await doctor('--url', 'http://127.0.0.1:1/mcp');
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  server          http://127.0.0.1:1 can not be reached');
  });
});
