import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { legacy, modern, send } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

/** A credential of another kind than a token: nothing but its place says that it is one. */
const opaque = 'canary-opaque-4b1d9f0c6a7e42b7';

const guards: Record<'metadata' | 'full', Guard | undefined> = { metadata: undefined, full: undefined };
const at = (level: keyof typeof guards): Guard => guards[level] as Guard;
beforeAll(async () => {
  for (const level of ['metadata', 'full'] as const) {
    // A logger of the host that says everything and hides nothing.
    guards[level] = await openGuard({
      config: { audit: { level } },
      env: { LOG_LEVEL: 'trace', NODE_DEBUG: 'undici' },
    });
  }
});
afterAll(async () => {
  for (const guard of Object.values(guards)) await guard?.close();
});

/** Everything the process has written: its log, its records, and the files beside them that hold no key. */
function sinks(guard: Guard): Map<string, string> {
  const { auditDirectory: directory } = guard.target;
  const files = readdirSync(directory).filter((name) => !name.endsWith('.key'));
  return new Map([
    ['stderr', guard.target.stderr()],
    ...files.map((name) => [name, readFileSync(path.join(directory, name), 'latin1')] as const),
  ]);
}

/** What a careless sink would make of a secret: itself, its parts, how it begins, its encodings. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const parts = [secret, ...secret.split('.')].filter((part) => part.length >= 16);
  const encoded = [
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
  ];
  return [...parts, ...encoded.map((text) => text.slice(0, 40)), ...parts.map((part) => part.slice(0, 20))];
}

function expectNowhere(guard: Guard, secrets: readonly string[]): void {
  for (const [name, text] of sinks(guard)) {
    const found = secrets.flatMap(forms).filter((form) => text.includes(form));
    expect({ name, found }).toEqual({ name, found: [] });
  }
}

/** Sends a call in both eras, and waits until the records of a later one are on disk. Answers are not listened to: an echo echoes. */
async function call(guard: Guard, name: string, args: object, headers: Record<string, string> = {}): Promise<void> {
  for (const make of [modern, legacy]) {
    await send(guard.target.url, make('tools/call', { name, arguments: args }, { token: guard.good, headers }));
  }
}

describe.each(['metadata', 'full'] as const)('at level %s', (level) => {
  verifies(
    ['G-10', 'WALK-00-NO-SECRET'],
    'a token is in no sink: header, argument, URL, error, result, any name (G-10)',
    async () => {
      const guard = at(level);
      const canary = await guard.token({ subject: 'canary', scopes: ['echo:call', 'notes:read'] });
      const headers = {
        'x-enterprise-token': canary,
        cookie: `session=${opaque}`,
        'x-request-id': canary,
        dpop: canary,
      };
      await call(guard, 'echo', { text: canary }, headers);
      await call(guard, 'echo', { text: `the token is ${canary}, keep it` });
      await call(guard, 'echo', { text: 'x', authorization: `Bearer ${canary}`, password: opaque, api_key: opaque });
      await call(guard, canary, { text: 'x' });
      await call(guard, 'read-note', { id: canary });
      await call(guard, 'echo', { [canary]: 'x' });
      const { url } = guard.target;
      const good = modern('tools/call', { name: 'whoami', arguments: {} }, { token: guard.good });
      for (const query of [`access_token=${canary}`, `q=${canary}`]) await send(`${url}?${query}`, good);
      await send(url, { ...good, headers: { ...good.headers, authorization: `Bearer ${canary} ${canary}` } });
      await send(url, {
        ...good,
        headers: { ...good.headers, authorization: `Basic ${Buffer.from(`a:${opaque}`).toString('base64')}` },
      });
      await send(url, { ...good, headers: { ...good.headers, 'user-agent': `curl/8 (${canary})` } });
      await send(url, { ...good, body: String(good.body).replace('"id":1', `"id":${JSON.stringify(canary)}`) });
      await send(url, { ...good, body: `{"jsonrpc":"2.0","id":1,"method":"${canary}"` });
      await send(url, modern(canary, {}, { token: guard.good }));
      await send(
        url,
        modern(
          'tools/call',
          { name: 'echo', arguments: {}, _meta: { baggage: canary, traceparent: canary } },
          { token: guard.good },
        ),
      );
      await send(url, modern('resources/read', { uri: `note:///${canary}` }, { token: guard.good }));
      await guard.expectNextAnswered();
      expectNowhere(guard, [canary, opaque]);
      expect(sinks(guard).get('stderr')).toContain('"level":');
    },
  );

  verifies('G-09', 'no spelling and no detour brings a credential into a record (G-09)', async () => {
    const guard = at(level);
    const jwt = await guard.token({ subject: 'bypass', scopes: [] });
    const names = ['pass\u200bword', 'PASSWORD ', 'Pass_Word', 'client-secret', 'x-api-key', 'refreshToken'];
    await call(guard, 'echo', { text: 'x', ...Object.fromEntries(names.map((name) => [name, opaque])) });
    await call(guard, 'echo', { text: Buffer.from(jwt).toString('base64') });
    await call(guard, 'echo', { text: 'x', nested: { deep: [{ headers: { authorization: `bearer ${jwt}` } }] } });
    // The schema of the tool refuses it and repeats it in its message; the tool repeats it in its result.
    await call(guard, 'sleep', { ms: jwt });
    await call(guard, 'echo', { text: jwt });
    await guard.expectNextAnswered();
    expectNowhere(guard, [jwt, opaque]);
  });

  verifies(
    'G-11',
    'of a token its id is recorded, as a keyed hash and nothing that can be guessed (G-11)',
    async () => {
      const guard = at(level);
      const token = await guard.token({ subject: 'hashed', scopes: ['echo:call'] });
      const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { jti: string };
      const { userAgent } = await guard.send({ token });
      const record = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
      expect(record.token?.jti).toMatch(/^hmac-sha256:k1:[\w-]{43}$/);
      expect(Object.keys(record.token ?? {}).toSorted()).toEqual(['exp', 'jti', 'scopes']);
      const guesses = [token, jti].flatMap((text) =>
        (['hex', 'base64', 'base64url'] as const).map((encoding) => createHash('sha256').update(text).digest(encoding)),
      );
      for (const [, text] of sinks(guard)) for (const guess of [jti, ...guesses]) expect(text).not.toContain(guess);
    },
  );
});

verifies('G-09', 'results are recorded at level full only (G-09)', async () => {
  const text = `result-${Date.now()}-only`;
  for (const level of ['metadata', 'full'] as const) {
    const guard = at(level);
    await call(guard, 'echo', { text });
    await guard.expectNextAnswered();
    expect([...sinks(guard).values()].join('').includes(text)).toBe(level === 'full');
  }
});
