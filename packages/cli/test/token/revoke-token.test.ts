import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRevocationFile } from '@sallyport/token';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../support/audit-log.ts';
import { run, runBuilt, type Ran } from '../support/run.ts';

const issuer = 'https://login.example.com';
const now = Date.parse('2026-11-20T22:00:00Z');
const week = 604_800_000;

interface Place {
  readonly directory: string;
  readonly config: string;
  readonly file: string;
  /** Runs `token revoke` with this config. */
  revoke(...args: string[]): Promise<Ran>;
  lines(): Promise<Record<string, unknown>[]>;
}

async function place(changes: object = {}, withFile = true): Promise<Place> {
  const directory = await temporaryDirectory();
  const config = join(directory, 'sallyport.config.json');
  const file = join(directory, 'revocations.jsonl');
  const base = {
    resource: 'https://mcp.example.com/mcp',
    issuers: [{ issuer }],
    card: './card.json',
    revocation: { file: './revocations.jsonl' },
  };
  await writeFile(config, JSON.stringify({ ...base, ...changes }), { mode: 0o600 });
  if (withFile) await writeFile(file, '', { mode: 0o600 });
  return {
    directory,
    config,
    file,
    revoke: (...args) => run(['token', 'revoke', '--config', config, ...args], { now }),
    async lines() {
      const text = await readFile(file, 'utf8');
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}

describe('token revoke', () => {
  it.each<[string[], object]>([
    [['--jti', 'token-1'], { jti: 'token-1' }],
    [['--session', 'session-1'], { session: 'session-1' }],
    [['--subject', 'alice@example.com'], { subject: 'alice@example.com', issuedUpTo: now / 1000 + 30 }],
  ])('writes one line for %j', async (args, what) => {
    const { revoke, lines } = await place();
    const { code, stderr } = await revoke(...args);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'every process of this host with this file honours it within one second\n',
    });
    const until = new Date(now + week).toISOString();
    expect(await lines()).toEqual([
      { v: 1, id: expect.any(String), at: new Date(now).toISOString(), issuer, ...what, until },
    ]);
  });

  it('writes what a running server understands', async () => {
    const { revoke, file } = await place();
    await revoke('--session', 'session-1', '--until', '2100-01-01');
    const opened = await openRevocationFile({ path: file });
    onTestFinished(() => opened.close());
    const token = { issuer, subject: 'alice', tokenId: null, issuedAt: 1 };
    expect(opened.isRevoked({ ...token, sessionId: 'session-1' })).toBe(true);
    expect(opened.isRevoked({ ...token, sessionId: 'session-2' })).toBe(false);
  });

  it('adds to what is there', async () => {
    const { revoke, lines } = await place();
    await revoke('--jti', 'a');
    await revoke('--jti', 'b', '--quiet');
    expect((await lines()).map(({ jti }) => jti)).toEqual(['a', 'b']);
  });

  it('keeps it until the time that is named, or as long as the config says', async () => {
    const { revoke, lines } = await place({ revocation: { file: './revocations.jsonl', lifetimeSeconds: 3_600 } });
    await revoke('--jti', 'a');
    await revoke('--jti', 'b', '--until', '2d');
    expect((await lines()).map(({ until }) => Date.parse(String(until)) - now)).toEqual([3_600_000, 172_800_000]);
  });

  it('prints one JSON value for machines', async () => {
    const { revoke, file } = await place();
    const { stdout, stderr } = await revoke('--subject', 'alice', '--json');
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      id: expect.any(String),
      issuer,
      subject: 'alice',
      issuedUpTo: now / 1000 + 30,
      until: new Date(now + week).toISOString(),
      file,
    });
    expect(stderr).toBe('');
  });

  it('asks which issuer when there are several, also that of the enterprise token and the tenants of a template', async () => {
    const tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
    const template = {
      issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
      profile: 'entra',
      tenants: [tenant],
    };
    const { revoke, lines } = await place({
      issuers: [template],
      enterpriseToken: { issuer: 'https://sso.example.com' },
      network: { trustedProxies: ['10.0.0.1'] },
    });
    const { code, stderr } = await revoke('--jti', 'a');
    expect(code).toBe(2);
    expect(stderr).toContain('--issuer is missing, and the config has 2 issuers');
    const named = `https://login.microsoftonline.com/${tenant}/v2.0`;
    expect((await revoke('--jti', 'a', '--issuer', named)).code).toBe(0);
    expect((await revoke('--jti', 'a', '--issuer', 'https://sso.example.com')).code).toBe(0);
    expect((await lines()).map((line) => line['issuer'])).toEqual([named, 'https://sso.example.com']);
  });

  it.each<[string, string[], string]>([
    ['an issuer that is not configured', ['--jti', 'a', '--issuer', `${issuer}/`], 'is not in the config'],
    ['nothing to revoke', [], 'nothing to revoke is named'],
    ['two things to revoke', ['--jti', 'a', '--subject', 'b'], 'cannot be used with'],
    ['two others', ['--session', 'a', '--subject', 'b'], 'cannot be used with'],
    ['an empty subject', ['--subject', ''], 'Expected 1 to 255 characters'],
    ['a line break', ['--jti', 'a\nb'], 'Expected 1 to 255 characters'],
    ['an end in the past', ['--jti', 'a', '--until', '2020-01-01'], 'Expected a time in the future'],
  ])('does nothing for %s', async (_name, args, problem) => {
    const { revoke, lines } = await place();
    const { code, stdout, stderr } = await revoke(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('ERR_CLI_USAGE');
    expect(stderr).toContain(problem);
    expect(await lines()).toEqual([]);
  });

  it('says so when the config has no revocation file: a running server can not be reached', async () => {
    const { revoke, config } = await place({ revocation: {} });
    const { code, stderr } = await revoke('--jti', 'a');
    expect(code).toBe(2);
    expect(stderr).toContain(`ERR_REVOCATION_FILE  ${config}: revocation.file: is not set`);
  });

  it('does not make the file: it would belong to whoever runs the command', async () => {
    const { revoke, file } = await place({}, false);
    const { code, stderr } = await revoke('--jti', 'a');
    expect(code).toBe(2);
    expect(stderr).toContain(`ERR_REVOCATION_FILE  ${file}: does not exist`);
  });

  it('finds the config in the working directory', async () => {
    const { directory, lines } = await place();
    const { code } = await runBuilt(['token', 'revoke', '--jti', 'a'], { cwd: directory });
    expect(code).toBe(0);
    expect(await lines()).toHaveLength(1);
  });
});
