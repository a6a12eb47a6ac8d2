import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkCompleteness, verifyAuditLog } from '@sallyport/audit';
import type { AuditRecord } from '@sallyport/core';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { limitFileSize } from './support/file-limit.ts';
import { linesOf } from './support/log-lines.ts';
import { legacy, modern, send, type Answer } from './support/mcp-request.ts';
import { openCall } from './support/open-call.ts';
import { startTarget, waitFor, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ';

let idp: DevIdp;
let token: string;
let target: Target;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  token = await idp.mintToken({ subject: 'caller', scopes: ['echo:call', 'payments:write', 'notes:write'] });
});
afterEach(() => target.remove());
afterAll(() => idp.close());

const start = async (audit: object, more: object = {}): Promise<void> => {
  target = await startTarget({ issuer: idp.issuer, config: { audit, ...more } });
};
const call = (name: string, args: object, era = modern): Promise<Answer> =>
  send(target.url, era('tools/call', { name, arguments: args }, { token }));

/** Both records of the only call of a tool. */
async function recordsOf(name: string): Promise<{ decision: AuditRecord; outcome: AuditRecord }> {
  const outcome = await target.waitForRecord((record) => record.type === 'mcp.outcome' && record.target?.name === name);
  const decision = target.records().find((record) => record.type === 'mcp.decision' && record.call === outcome.call);
  if (decision === undefined) throw new Error('an outcome without a decision');
  return { decision, outcome };
}

/** The target's card with other rules for some tools. */
function cardWith(rules: Readonly<Record<string, object>>): object {
  const file = fileURLToPath(new URL('../target/server-card.json', import.meta.url));
  const card = JSON.parse(readFileSync(file, 'utf8')) as { _meta: Record<string, { tools: Record<string, object> }> };
  const tools = card._meta['dev.sallyport/access']?.tools ?? {};
  for (const [name, rule] of Object.entries(rules)) tools[name] = { ...tools[name], ...rule };
  return card;
}

describe('levels', () => {
  verifies(
    'AUDIT-LEVEL-REQUEST',
    'level request shows arguments but for what is sensitive, by pointer, name or look (G-09)',
    async () => {
      await start({ level: 'request' }, { card: cardWith({ 'write-note': { sensitive: ['/id'] } }) });
      expect((await call('write-note', { id: 'note-4711', text: `see ${jwt} and pay` })).status).toBe(200);
      expect((await call('echo', { text: 'hello there' })).status).toBe(200);
      const { decision, outcome } = await recordsOf('write-note');
      expect(decision.arguments).toEqual({
        id: expect.stringMatching(/^hmac-sha256:/),
        text: expect.stringMatching(/^hmac-sha256:/),
      });
      expect(decision.redaction).toMatchObject({ level: 'request', hidden: ['/id', '/text'] });
      expect(outcome).not.toHaveProperty('result');
      expect((await recordsOf('echo')).decision.arguments).toEqual({ text: 'hello there' });
      const log = JSON.stringify(target.records());
      for (const secret of ['note-4711', jwt, token]) expect(log).not.toContain(secret);
    },
  );

  for (const [era, make] of Object.entries({ modern, legacy })) {
    verifies(
      'AUDIT-LEVEL-FULL',
      `level full records the result of a ${era} call, and nothing in it that the arguments hide (G-07)`,
      async () => {
        await start({ level: 'full' }, { card: cardWith({ echo: { sensitive: ['/text'] } }) });
        expect((await call('whoami', {}, make)).status).toBe(200);
        const { outcome } = await recordsOf('whoami');
        expect(outcome.result).toMatchObject({ structuredContent: { sub: 'caller', iss: idp.issuer } });
        expect(outcome.redaction).toMatchObject({ level: 'full' });

        // The tool repeats what the card calls sensitive.
        expect((await call('echo', { text: 'my secret word' }, make)).status).toBe(200);
        const echoed = await recordsOf('echo');
        expect(echoed.outcome.result).toMatchObject({
          content: [{ type: 'text', text: expect.stringMatching(/^hmac-sha256:/) }],
        });
        expect(echoed.outcome.redaction).toMatchObject({ hidden: ['/content/0/text'] });

        // A stream records its final message.
        expect((await call('sleep', { ms: 1, progress: true }, make)).status).toBe(200);
        const { outcome: slept } = await recordsOf('sleep');
        expect(slept.result).toMatchObject({ content: [{ type: 'text', text: 'Slept 1 ms.' }] });
        expect(JSON.stringify(target.records())).not.toContain('my secret word');
      },
    );
  }

  verifies('AUDIT-LARGE', 'a large and deep argument is recorded bounded, with bytes and digest (G-06)', async () => {
    await start({});
    const args = { text: 'x '.repeat(300_000), list: Array.from({ length: 20_000 }, (_, index) => index) };
    expect((await call('echo', args)).status).toBe(200);
    const { decision } = await recordsOf('echo');
    expect(decision.redaction?.bytes).toBe(Buffer.byteLength(JSON.stringify(args)));
    expect(decision.redaction?.digest).toMatch(/^hmac-sha256:/);
    expect(JSON.stringify(decision).length).toBeLessThan(60_000);
  });
});

async function ready(): Promise<{ status: number; audit: unknown }> {
  const answer = await fetch(`${target.origin}/readyz`);
  return { status: answer.status, audit: ((await answer.json()) as { checks: { audit: unknown } }).checks.audit };
}

describe('two copies', () => {
  verifies(
    ['AUDIT-MIRROR', 'AUDIT-CARD-MODE'],
    'in mode at-least-one calls go on without the mirror, a tool that the card calls strict does not, and the mirror catches up (G-19)',
    async () => {
      const second = mkdtempSync(path.join(tmpdir(), 'sallyport-mirror-'));
      const mirror = path.join(second, 'audit');
      writeFileSync(mirror, 'a disk that is not mounted');
      try {
        const card = cardWith({ 'write-note': { audit: { mode: 'strict' } } });
        await start({ mode: 'at-least-one', mirror }, { card });
        expect((await call('echo', { text: 'one copy' })).status).toBe(200);
        expect(await ready()).toEqual({ status: 200, audit: { ok: true, degraded: true } });
        const refused = await call('write-note', { id: '1', text: 'both copies' });
        expect(refused.status).toBe(503);
        expect(refused.json?.error?.data).toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' });
        expect(target.effects().map(({ tool }) => tool)).toEqual(['echo']);
        expect(linesOf(target.stderr(), 'sallyport.audit.copy_failed')).toMatchObject([{ copy: 'mirror' }]);

        rmSync(mirror);
        mkdirSync(mirror);
        await waitFor(
          async () => ((await ready()).audit as { degraded?: boolean }).degraded === undefined || undefined,
          'the mirror',
        );
        expect((await call('write-note', { id: '1', text: 'both copies' })).status).toBe(200);
        await target.stop();
        expect(await checkCompleteness(target.auditDirectory)).toMatchObject({ complete: true, allows: 2 });
        const report = await checkCompleteness(mirror);
        expect(report).toMatchObject({ allows: 1, allowsWithOutcome: 1, missing: 0 });
        // What it had missed: the start, the call, and the refusal.
        expect(report.lost).toBe(4);
        for (const { code, problem } of report.findings) {
          expect(code).toBe('lost');
          expect(problem).toContain('in the other copy');
        }
      } finally {
        rmSync(second, { recursive: true, force: true });
      }
    },
  );

  verifies('AUDIT-CARD-MODE', 'a tool that the card calls available runs while the log is full', async () => {
    const card = cardWith({ echo: { audit: { mode: 'available' } } });
    target = await startTarget({ issuer: idp.issuer, config: { card }, env: { EFFECTS_FILE: '/dev/null' } });
    expect((await call('echo', { text: 'before' })).status).toBe(200);
    limitFileSize(target.process.pid, 100);
    expect((await call('whoami', {})).status).toBe(503);
    expect((await call('echo', { text: 'meanwhile' })).status).toBe(200);
    limitFileSize(target.process.pid, 'unlimited');
    const gap = await target.waitForRecord(({ type }) => type === 'audit.gap');
    expect(gap.detail).toMatchObject({
      count: 3,
      types: { 'mcp.decision': 1, 'mcp.outcome': 1, 'request.refused': 1 },
    });
  });
});

verifies('AUDIT-ROTATE', 'small segments follow one another, old ones go, and the log says so', async () => {
  await start({ rotate: { bytes: 8192 }, retention: { days: 1, bytes: 60_000 } });
  const segments = (): string[] => readdirSync(target.auditDirectory).filter((name) => name.endsWith('.jsonl'));
  const gone = (): true | undefined =>
    segments()[0]?.endsWith('00000000000000000000.jsonl') === false ? true : undefined;
  for (let round = 0; round < 40 && gone() === undefined; round++) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => call('echo', { text: `call ${index}` })));
  }
  await waitFor(gone, 'the first segment to go');
  expect(segments().length).toBeGreaterThan(2);
  await target.stop();
  const declared = target.records().filter(({ type, detail }) => type === 'audit.rotated' && detail !== undefined);
  expect(declared.map(({ detail }) => (detail as { reason: string }).reason)).toContain('retention');
  expect(await checkCompleteness(target.auditDirectory)).toMatchObject({ complete: true, missing: 0 });
  const verified = await verifyAuditLog(target.auditDirectory);
  expect(verified).toMatchObject({ content: 'PASS', completeness: 'PASS', missing: 0 });
  const { folder } = target;
  target = await startTarget({ issuer: idp.issuer, folder });
  expect((await call('echo', { text: 'again' })).status).toBe(200);
});

verifies('AUDIT-DRAIN', 'SIGTERM with a hundred calls in flight loses none of them (G-21)', async () => {
  await start({});
  const eras = [modern, legacy];
  const running = Array.from({ length: 100 }, (_, index) => {
    const args = { ms: 300 + index * 3, progress: index % 3 === 0 };
    const era = eras[index % 2] ?? modern;
    return openCall(target.url, era('tools/call', { name: 'sleep', arguments: args }, { token }));
  });
  await waitFor(() => (target.effects().length === 100 ? true : undefined), 'all calls to run');
  const exited = once(target.process, 'exit');
  target.process.kill('SIGTERM');
  expect(await Promise.all(running.map(({ ended }) => ended))).toEqual(running.map(() => 200));
  expect(await exited).toEqual([0, null]);
  expect(running.every((one) => one.text().includes('Slept'))).toBe(true);
  const outcomes = target.records().filter(({ type }) => type === 'mcp.outcome');
  expect(outcomes.map(({ outcome }) => outcome?.status)).toEqual(outcomes.map(() => 'ok'));
  expect(await checkCompleteness(target.auditDirectory)).toMatchObject({
    ...{ complete: true, allows: 100, allowsWithOutcome: 100, lost: 0, streams: [{ closed: true }] },
  });
});

verifies(
  'AUDIT-GONE',
  'without its directory the log takes nothing: the next call is refused and nothing ran',
  async () => {
    await start({ mode: 'strict' });
    expect((await call('echo', { text: 'before' })).status).toBe(200);
    rmSync(target.auditDirectory, { recursive: true });
    const refused = await call('write-note', { id: '1', text: 'after' });
    expect(refused.status).toBe(503);
    expect(refused.json?.error?.data).toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' });
    expect(target.effects().map(({ tool }) => tool)).toEqual(['echo']);
    expect(await ready()).toEqual({ status: 503, audit: { ok: false } });
  },
);
