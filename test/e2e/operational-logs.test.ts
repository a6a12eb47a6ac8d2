import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { createCanary } from './support/canary.ts';
import { limitFileSize } from './support/file-limit.ts';
import { linesOf, logLines } from './support/log-lines.ts';
import { legacy, modern, send } from './support/mcp-request.ts';
import { openCall } from './support/open-call.ts';
import { startCollector } from './support/otlp-collector.ts';
import { startTarget, waitFor, type StartTargetOptions, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let idp: DevIdp;
let token: string;
const targets: Target[] = [];
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  token = await idp.mintToken({ subject: 'caller', scopes: ['echo:call'] });
});
afterEach(async () => {
  idp.heal();
  for (const target of targets.splice(0)) await target.remove();
});
afterAll(() => idp.close());

async function start(options: Partial<StartTargetOptions> = {}): Promise<Target> {
  const target = await startTarget({ issuer: idp.issuer, ...options });
  targets.push(target);
  return target;
}

type Event = Parameters<typeof linesOf>[1];

/** Waits for a line of an event and gives the newest. */
function said(target: Target, event: Event): Promise<ReturnType<typeof linesOf>[number]> {
  return waitFor(() => linesOf(target.stderr(), event).at(-1), event);
}

const ready = async (target: Target): Promise<number> => (await fetch(`${target.origin}/readyz`)).status;
const echo = (target: Target, text = 'hello'): ReturnType<typeof send> =>
  send(target.url, modern('tools/call', { name: 'echo', arguments: { text } }, { token }));

describe('a process', () => {
  verifies(
    ['OPLOG-LIFECYCLE', 'OPLOG-EVENT'],
    'says once what it guards, once that it is ready, and once that it is closed',
    async () => {
      const target = await start({ config: { audit: { export: [{ type: 'stdout' }] } } });
      await waitFor(async () => (await ready(target)) === 200 || undefined, 'the process to be ready');
      await ready(target);
      await echo(target);
      expect(await target.stop()).toBe(0);
      const events = logLines(target.stderr()).map(({ event }) => event);
      for (const once of ['sallyport.started', 'sallyport.ready', 'sallyport.stopped'] as const)
        expect(events.filter((event) => event === once)).toEqual([once]);
      expect(events.at(-1)).toBe('sallyport.stopped');
      const [started] = linesOf(target.stderr(), 'sallyport.started');
      expect(started).toMatchObject({
        resource: 'http://127.0.0.1:8080/mcp',
        server: expect.stringMatching(/^\S+ \d+\.\d+\.\d+$/),
        tools: 10,
        issuers: 1,
        enforcement: 'enforce',
        auditDirectory: target.auditDirectory,
        auditMode: 'strict',
        exports: ['stdout'],
        policy: expect.stringMatching(/^sha256:/),
      });
      // The host has no OpenTelemetry.
      expect(target.stderr()).not.toContain('trace_id');
    },
  );

  verifies('OPLOG-LIFECYCLE', 'that was killed is named by the next start, which finishes its log', async () => {
    const first = await start();
    await echo(first);
    first.process.kill('SIGKILL');
    await waitFor(() => first.process.signalCode ?? undefined, 'the end of the process');
    expect(linesOf(first.stderr(), 'sallyport.stopped')).toEqual([]);
    const next = await start({ folder: first.folder });
    expect(await said(next, 'sallyport.audit.unclosed')).toMatchObject({ stream: 'target' });
  });

  verifies('OPLOG-EVENT', 'writes the lines of the level of its configuration and above', async () => {
    const target = await start({ config: { log: { level: 'warn' } } });
    await target.stop();
    const levels = new Set(logLines(target.stderr()).map(({ level }) => level));
    expect(levels).toEqual(new Set([40]));
  });
});

describe('what fails outside the process is said when it begins and when it is over:', () => {
  verifies(['OPLOG-OUTAGE', 'OPLOG-LIFECYCLE'], 'the keys of an issuer', async () => {
    idp.fail({ endpoint: 'metadata', mode: 'html' });
    const target = await start();
    expect(await said(target, 'sallyport.issuer.keys_unavailable')).toMatchObject({
      issuer: idp.issuer,
      problem: expect.any(String),
      retryInMs: expect.any(Number),
      keysHeld: false,
    });
    expect(await ready(target)).toBe(503);
    expect(await said(target, 'sallyport.unready')).toMatchObject({ problems: [expect.stringContaining(idp.issuer)] });
    idp.heal();
    await said(target, 'sallyport.issuer.keys_recovered');
    expect(await ready(target)).toBe(200);
    await said(target, 'sallyport.ready');
  });

  verifies('OPLOG-OUTAGE', 'a receiver of records', async () => {
    const collector = await startCollector();
    const { endpoint } = collector;
    await collector.stop();
    const headers = { 'x-api-key': 'key-of-the-collector' };
    const siem = { type: 'otlp', name: 'siem', endpoint, headers, format: 'json', compression: 'none' };
    const target = await start({ config: { audit: { export: [siem] } } });
    const facts = { stream: 'target', export: 'siem' };
    expect(await said(target, 'sallyport.audit.export.receiver_unreachable')).toMatchObject(facts);
    await collector.listen();
    expect(await said(target, 'sallyport.audit.export.resumed')).toMatchObject(facts);
    expect(target.stderr()).not.toContain('key-of-the-collector');
    await collector.stop();
  });

  verifies(['OPLOG-OUTAGE', 'OPLOG-FLOOD'], 'the disk; and what callers cause meanwhile is counted', async () => {
    const target = await start();
    const running = openCall(target.url, modern('tools/call', { name: 'sleep', arguments: { ms: 300 } }, { token }));
    await waitFor(() => target.effects()[0], 'the tool to run');
    limitFileSize(target.process.pid, 100);
    expect(await running.ended).toBe(503);
    expect(await said(target, 'sallyport.audit.copy_failed')).toMatchObject({ copy: 'log', error: 'EFBIG' });
    const withheld = await said(target, 'sallyport.call.result_withheld');
    expect(target.records().filter(({ call }) => call === withheld['call'])).toHaveLength(1);

    const refused = modern('tools/call', { name: 'write-note', arguments: {} }, { token });
    for (let round = 0; round < 10; round++)
      await Promise.all(Array.from({ length: 25 }, () => send(target.url, refused)));
    const lost = (): unknown[] => linesOf(target.stderr(), 'sallyport.guard.record_failed');
    await waitFor(() => lost().length === 60 || undefined, 'the lines of the flood');

    limitFileSize(target.process.pid, 'unlimited');
    expect(await said(target, 'sallyport.audit.copy_recovered')).toMatchObject({ copy: 'log' });
    await target.stop();
    expect(lost()).toHaveLength(60);
    const suppressed = linesOf(target.stderr(), 'sallyport.log.suppressed');
    expect(suppressed).toMatchObject([{ of: 'sallyport.guard.record_failed', count: 190 }]);
  });
});

describe('a caller', () => {
  verifies(
    ['OPLOG-FLOOD', 'OPLOG-EVENT'],
    'that is refused leaves no line, however often and however it asks',
    async () => {
      const target = await start();
      const quiet = logLines(target.stderr()).length;
      const hostile = 'a\r\n{"level":60,"event":"sallyport.started"}\u2028\u001B[2J';
      for (let round = 0; round < 40; round++) {
        for (const make of [modern, legacy]) {
          const name = make === legacy ? hostile : encodeURIComponent(hostile);
          await send(target.url, make('tools/call', { name, arguments: { [hostile]: hostile } }, { token }));
          await send(target.url, make(name, {}, { token: `eyJ.${round}` }));
          await send(target.url, { ...make('tools/call', {}, {}), body: '{"jsonrpc":' });
        }
      }
      // What the first token of an issuer tells may be said once.
      expect(logLines(target.stderr()).length - quiet).toBeLessThanOrEqual(2);
      expect(target.stderr()).not.toContain('level":60');
    },
  );

  verifies(
    ['OPLOG-NO-SECRET', 'G-10'],
    'finds its token, session and arguments in no line, also while everything fails, at every level (G-10)',
    async () => {
      const canary = createCanary();
      const dead = await startDevIdp({ quiet: true });
      const secret = { clientId: 'mcp', clientSecret: 'secret-of-the-introspection-client' };
      const issuers = [
        { issuer: idp.issuer, backChannelLogout: { audience: ['mcp'] } },
        { issuer: dead.issuer, tokens: 'auto', introspection: secret },
      ];
      dead.fail({ endpoint: 'introspection', mode: 'status' });
      dead.fail({ endpoint: 'jwks', mode: 'down' });
      const target = await start({ config: { issuers }, env: { LOG_LEVEL: 'trace', NODE_DEBUG: 'undici' } });
      canary.watch(secret.clientSecret);
      const opaque = canary.watch('opaque-canary-7d1f0c6a4b9e42b7');
      const session = canary.watch('session-canary-3a1c9f5e7b2d4c60');
      const argument = 'argument-canary-5e8d2b7f9a1c3d40';
      const foreign = canary.watch(await dead.mintToken({ subject: 'waits' }));
      const own = canary.watch(await idp.mintToken({ subject: 'own', scopes: ['echo:call'] }));
      const text = { name: 'echo', arguments: { text: argument, [argument]: argument } };
      const everything = async (): Promise<void> => {
        for (const make of [modern, legacy]) {
          for (const credential of [opaque, foreign, own, `${own}x`, `${own.slice(0, -20)}${opaque}`]) {
            const made = make('tools/call', text, { token: credential, headers: { 'mcp-session-id': session } });
            canary.heard(String((await send(target.url, made)).status));
            await send(`${target.url}?access_token=${credential}`, made);
          }
        }
        const form = { 'content-type': 'application/x-www-form-urlencoded' };
        await fetch(`${target.origin}/backchannel-logout`, {
          method: 'POST',
          headers: form,
          body: `logout_token=${own}`,
        });
      };
      await everything();
      expect(linesOf(target.stderr(), 'sallyport.issuer.introspection_unavailable')).toHaveLength(1);
      const running = openCall(
        target.url,
        modern('tools/call', { name: 'sleep', arguments: { ms: 300, note: argument } }, { token: own }),
      );
      await waitFor(() => target.effects().find(({ tool }) => tool === 'sleep'), 'the tool to run');
      limitFileSize(target.process.pid, 100);
      await running.ended;
      await everything();
      limitFileSize(target.process.pid, 'unlimited');
      await said(target, 'sallyport.audit.copy_recovered');
      await target.stop();
      canary.expectNothingLeaked(target);
      expect(target.stderr()).not.toContain(argument.slice(0, 16));
      await dead.close();
    },
  );
});
