import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGuardedTarget, type GuardedTarget } from '../../support/guarded-target.ts';
import { temporaryDirectory } from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

let target: GuardedTarget;
beforeAll(async () => {
  target = await startGuardedTarget();
});
afterAll(() => target.stop());

interface Line {
  readonly check?: string;
  readonly status?: string;
  readonly what?: string;
  readonly [key: string]: unknown;
}

async function fetchJson(args: readonly string[]): Promise<{ code: number; lines: readonly Line[]; stderr: string }> {
  const { code, stdout, stderr } = await run(['card', 'fetch', ...args, '--json']);
  return {
    code,
    stderr,
    lines: stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line),
  };
}

async function tokenFile(): Promise<{ file: string; token: string }> {
  const scopes = ['notes:write', 'echo:call', 'config:read', 'payments:write', 'reports:run'];
  const token = await target.idp.mintToken({ subject: 'alice', scopes, resource: target.url });
  const file = join(await temporaryDirectory(), 'token.txt');
  await writeFile(file, `${token}\n`);
  return { file, token };
}

describe('card fetch of a server of ours', () => {
  it('finds the card by domain, endpoint and URL, and it is right', async () => {
    const { origin } = new URL(target.url);
    for (const [source, via] of [
      [origin, 'ai-catalog'],
      [target.url, 'endpoint'],
      [`${origin}/.well-known/mcp/server-card.json`, 'url'],
    ] as const) {
      const { code, lines, stderr } = await fetchJson([source, '--allow-insecure']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(lines[0]).toMatchObject({ via, card: { name: 'dev.sallyport/target', version: '1.0.0' } });
      expect(lines[1]).toMatchObject({ check: 'card', status: 'pass' });
      expect(lines[2]).toMatchObject({
        check: 'server',
        status: 'skip',
        what: `${target.url} does not say what it is: HTTP 401`,
      });
      expect(lines.at(-1)).toMatchObject({ ok: true, failed: 0 });
    }
  });

  it('with a token compares it with server/discover, and never shows the token', async () => {
    const { file, token } = await tokenFile();
    const { code, lines, stderr } = await fetchJson([target.url, '--allow-insecure', '--token-file', file]);
    expect(code).toBe(0);
    expect(lines).toContainEqual({ check: 'server', status: 'pass', what: `${target.url} says what the card says` });
    expect(JSON.stringify(lines) + stderr).not.toContain(token);
  });

  it('without --allow-insecure asks nothing on this machine', async () => {
    const { code, stderr } = await fetchJson([target.url]);
    expect(code).toBe(2);
    expect(stderr).toContain('ERR_CARD_FETCH');
    expect(stderr).toContain('must be an https URL');
    const byName = await fetchJson([new URL(target.url).host]);
    expect(byName.code).toBe(2);
    expect(byName.stderr).toContain('the address 127.0.0.1 is not allowed');
  });

  it('with --no-server looks at the document only', async () => {
    const { code, lines } = await fetchJson([target.url, '--allow-insecure', '--no-server']);
    expect(code).toBe(0);
    expect(lines.map(({ check }) => check)).toEqual([undefined, 'card', undefined]);
  });

  it('runs nothing', async () => {
    expect(await target.effects()).toEqual([]);
  });

  it('refuses wrong usage', async () => {
    for (const args of [
      [],
      ['a.example', 'b.example'],
      ['a.example', '--timeout', '0'],
      ['a.example', '--endpoint', 'ftp://x'],
      ['https://user:secret@a.example/'],
    ]) {
      const { code, stdout, stderr } = await run(['card', 'fetch', ...args]);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/ERR_C(?:LI_USAGE|ARD_FETCH)/);
      expect(stderr).not.toContain('secret');
    }
  });
});
