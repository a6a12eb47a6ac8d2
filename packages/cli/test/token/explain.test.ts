import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runSallyport } from '../../src/index.ts';
import { temporaryDirectory } from '../support/audit-log.ts';
import { bentIssuer, type BentIssuer } from '../support/bent-issuer.ts';
import { run, type Ran } from '../support/run.ts';

const resource = 'http://127.0.0.1:8080/mcp';

interface Bench {
  readonly bent: BentIssuer;
  readonly config: string;
  readonly keys: string;
  explain(token: string, ...args: readonly string[]): Promise<Ran>;
}

async function bench(overrides: object = {}, issuer: object = {}): Promise<Bench> {
  const directory = await temporaryDirectory();
  const bent = await bentIssuer();
  const [config, keys, file] = [join(directory, 'config.json'), join(directory, 'jwks.json'), join(directory, 'token')];
  await mkdir(join(directory, 'audit'));
  await writeFile(
    config,
    JSON.stringify({
      resource,
      issuers: [{ issuer: bent.issuer, ...issuer }],
      card: './card.json',
      dangerouslyAllowInsecureIssuers: true,
      ...overrides,
    }),
  );
  await writeFile(keys, JSON.stringify(bent.jwks));
  return {
    bent,
    config,
    keys,
    async explain(token, ...args) {
      await writeFile(file, token);
      return run(['token', 'explain', '--token-file', file, '-c', config, ...args], { now: Date.now() });
    },
  };
}

const checks = ({ stdout }: Ran): string[] =>
  (JSON.parse(stdout) as { checks: { check: string; status: string }[] }).checks.map(
    ({ check, status }) => `${status} ${check}`,
  );

describe('token explain', () => {
  it('goes through every check in order and accepts a good token', async () => {
    const { bent, explain } = await bench();
    const ran = await explain(bent.token({ aud: resource, scope: 'notes:read' }), '--json');
    expect(ran.code).toBe(0);
    expect(checks(ran)).toEqual(
      'size form alg key signature typ iss aud exp nbf iat sub client others'
        .split(' ')
        .map((name) => `pass ${name}`)
        .concat('skip revocation', 'pass binding'),
    );
    expect(JSON.parse(ran.stdout)).toMatchObject({
      ok: true,
      verdict: 'accepted',
      kind: 'jwt',
      profile: 'rfc9068',
      principal: { subject: 'alice', scopes: ['notes:read'] },
    });
  });

  it('tells all that is wrong at once, with the code of what a server would find first', async () => {
    const { bent, explain } = await bench();
    const { code, stdout } = await explain(
      bent.token({ aud: 'https://other.example.com', exp: 1_000_000_000, iat: 999_999_990 }, { typ: 'JWT' }),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused {2}ERR_TOKEN_TYP_MISMATCH {2}/);
    for (const check of ['typ', 'aud', 'exp']) expect(stdout).toMatch(new RegExp(`^FAIL +${check} `, 'm'));
    expect(stdout).toContain('https://sallyport.dev/errors/ERR_TOKEN_AUD_MISMATCH\n');
  });

  it.each(['', '--json'])('writes no part of the token as it was sent %s', async (...args) => {
    const { bent, explain } = await bench();
    for (const token of [
      bent.token({ aud: resource }),
      bent.token({ aud: 'x' }),
      'opaque-token-of-somebody',
      `${bent.token({})}x`,
    ]) {
      const { stdout, stderr } = await explain(token, ...args.filter((arg) => arg !== ''));
      for (const part of [token, ...token.split('.')]) expect(stdout + stderr).not.toContain(part);
    }
  });

  it('works offline with a key set, also while the issuer is away', async () => {
    const { bent, config, keys } = await bench({}, {});
    const token = bent.token({ aud: resource, iss: 'http://127.0.0.1:1' });
    const directory = await temporaryDirectory();
    const offline = join(directory, 'config.json');
    await writeFile(
      offline,
      JSON.stringify({
        resource,
        issuers: [{ issuer: 'http://127.0.0.1:1' }],
        card: './card.json',
        dangerouslyAllowInsecureIssuers: true,
      }),
    );
    const args = ['token', 'explain', token, '-c', offline];
    expect((await run([...args, '--keys', keys], { now: Date.now() })).code).toBe(0);
    const online = await run(args, { now: Date.now() });
    expect(online.code).toBe(2);
    expect(online.stdout).toMatch(/^undecided {2}ERR_TOKEN_IDP_UNAVAILABLE/);
    expect(config).not.toBe('');
  });

  it('refuses a token whose signature is not of the given keys', async () => {
    const { bent, keys, explain } = await bench();
    const [header, payload] = bent.token({ aud: resource }).split('.');
    const { code, stdout } = await explain(
      `${header ?? ''}.${payload ?? ''}.${Buffer.alloc(64, 1).toString('base64url')}`,
      '--keys',
      keys,
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused {2}ERR_TOKEN_BAD_SIGNATURE/);
  });

  it('honours the revocation file of the config', async () => {
    const { bent, config, explain } = await bench({ revocation: { file: './revoked.jsonl' } });
    const token = bent.token({ aud: resource, jti: 'gone' });
    expect((await explain(token)).code).toBe(0);
    await writeFile(join(config, '..', 'revoked.jsonl'), '', { mode: 0o600 });
    const now = Date.now();
    expect((await run(['token', 'revoke', '-c', config, '--jti', 'gone'], { now })).code).toBe(0);
    const { code, stdout } = await explain(token);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^refused {2}ERR_TOKEN_REVOKED/);
  });

  it('accepts a bound token only where it can be proven, and says with what', async () => {
    const claims = { aud: resource, cnf: { jkt: 'a'.repeat(43) } };
    const off = await bench();
    expect((await off.explain(off.bent.token(claims))).stdout).toMatch(/^refused {2}ERR_TOKEN_BINDING_MISMATCH/);
    const on = await bench({ dpop: { mode: 'accept' } });
    const { code, stdout } = await on.explain(on.bent.token(claims));
    expect(code).toBe(0);
    expect(stdout).toContain('the request has to prove that it holds the key');
    const required = await bench({ dpop: { mode: 'require' } });
    expect((await required.explain(required.bent.token({ aud: resource }))).stdout).toMatch(
      /^refused {2}ERR_TOKEN_DPOP_REQUIRED/,
    );
  });

  it('reads the token from stdin too', async () => {
    const { bent, config } = await bench();
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) > 0, once: () => undefined };
    const stdin = Readable.from([`${bent.token({ aud: resource })}\n`]);
    const io = { stdout: stream, stderr: stream, stdin, env: {}, now: Date.now };
    expect(await runSallyport(['token', 'explain', '-', '-c', config], io)).toBe(0);
  });

  it('ends with 2 for wrong usage, and never repeats what was typed as a token', async () => {
    const { config, keys, explain } = await bench();
    const usage = async (...args: readonly string[]): Promise<string> => {
      const { code, stderr } = await run(['token', 'explain', ...args], { now: Date.now() });
      expect(code).toBe(2);
      return stderr;
    };
    expect(await usage('-c', config)).toContain('there is no token');
    expect(await usage('a.b.c', '--token-file', 'x', '-c', config)).toContain('there are two tokens');
    expect(await usage('-', '-c', config)).toContain('the token is empty');
    expect(await usage('Bearer secret', '-c', config)).not.toContain('secret');
    expect(await usage('-secret.b.c', '-c', config)).not.toContain('secret');
    expect(await usage('a.b.c', 'secret', '-c', config)).not.toContain('secret');
    expect(await usage('a.b.c')).toContain('no config file is named');
    expect(await usage('a.b.c', '-c', config, '--keys', '/nowhere')).toContain('ERR_CLI_USAGE');
    await writeFile(keys, '{}');
    expect((await explain('a.b.c', '--keys', keys)).stderr).toContain('is no JWK Set');
  });
});
