import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createCanary } from './support/canary.ts';
import { expectFailedStart, tryStarts, type FailedStart } from './support/failed-start.ts';
import { openGuard, type Guard } from './support/guard.ts';
import { syslogReceiver, webhookReceiver, type SinkReceiver } from './support/sink-receivers.ts';
import { startTarget, waitFor, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

const secret = `whsec_${randomBytes(32).toString('base64')}`;

interface Receivers {
  readonly syslog: SinkReceiver;
  readonly webhook: Awaited<ReturnType<typeof webhookReceiver>>;
}

async function startReceivers(): Promise<Receivers> {
  return { syslog: await syslogReceiver(), webhook: await webhookReceiver(secret) };
}

function exportsTo({ syslog, webhook }: Receivers): Record<string, unknown> {
  return {
    audit: {
      export: [
        { type: 'syslog', endpoint: `syslog+tcp://127.0.0.1:${syslog.port}` },
        {
          type: 'webhook',
          endpoint: `http://127.0.0.1:${webhook.port}/audit`,
          secrets: ['${env:WEBHOOK_SECRET}'],
          headers: { authorization: 'Bearer ${env:WEBHOOK_TOKEN}' },
        },
      ],
    },
  };
}

const env = { WEBHOOK_SECRET: secret, WEBHOOK_TOKEN: 'webhook-token-that-nobody-may-see' };

/** The lines of the log, as they are on disk. */
function linesOf(target: Target): string[] {
  const files = readdirSync(target.auditDirectory).filter((name) => /^audit-.*\.jsonl$/.test(name));
  return files.flatMap((name) =>
    readFileSync(path.join(target.auditDirectory, name), 'utf8').split('\n').filter(Boolean),
  );
}

/** Waits until both receivers have every record of the log, and nothing else. */
async function expectEveryRecord(target: Target, { syslog, webhook }: Receivers): Promise<void> {
  for (const one of [syslog, webhook]) {
    const missing = (): string[] => {
      const seen = new Set(one.lines());
      return linesOf(target).filter((line) => !seen.has(line));
    };
    await waitFor(() => (missing().length === 0 ? true : undefined), 'every record to reach its receiver');
    expect(new Set(one.lines())).toEqual(new Set(linesOf(target)));
  }
}

describe('a syslog receiver and a webhook', () => {
  let guard: Guard;
  let receivers: Receivers;
  beforeAll(async () => {
    receivers = await startReceivers();
    await receivers.syslog.stop();
    await receivers.webhook.stop();
    guard = await openGuard({ config: exportsTo(receivers), env });
  });
  afterAll(async () => {
    await guard.close();
    await receivers.syslog.stop();
    await receivers.webhook.stop();
  });

  verifies(
    ['EXPORT-SYSLOG', 'EXPORT-WEBHOOK', 'EXPORT-OUTAGE'],
    'that are down at the start have every record, byte for byte, when they are up',
    async () => {
      for (let count = 0; count < 5; count++) await guard.expectAnswered({});
      await guard.expectRefused('no_token', { token: null });
      expect((await fetch(`${guard.target.origin}/readyz`)).status).toBe(200);
      await receivers.syslog.listen();
      await receivers.webhook.listen();
      await expectEveryRecord(guard.target, receivers);
    },
  );

  verifies(
    ['EXPORT-NO-SECRET', 'EXPORT-WEBHOOK'],
    'get no token of a caller, and their own credentials are in no log and no record',
    async () => {
      const canary = createCanary();
      canary.watch(secret);
      canary.watch(secret.slice('whsec_'.length));
      canary.watch(env.WEBHOOK_TOKEN);
      const { webhook, syslog } = receivers;
      await webhook.stop();
      const token = canary.watch(await guard.token({ subject: 'canary', scopes: ['echo:call'] }));
      await guard.send({ token, rpc: ['tools/call', { name: 'echo', arguments: { text: token } }] });
      await guard.send({ token, headers: { 'user-agent': token } });
      await guard.send({ token: `${token}x` });
      await waitFor(
        () => (guard.target.stderr().includes('"export":"webhook"') ? true : undefined),
        'the log to say that the webhook is down',
      );
      await webhook.listen();
      await guard.expectNextAnswered();
      await expectEveryRecord(guard.target, receivers);
      // The endpoint itself gets its own token, of course.
      expect(webhook.heard()).toContain(env.WEBHOOK_TOKEN);
      canary.heard(syslog.heard());
      canary.heard(webhook.heard().replaceAll(env.WEBHOOK_TOKEN, ''));
      canary.expectNothingLeaked(guard.target);
    },
  );
});

verifies(
  ['EXPORT-SYSLOG', 'EXPORT-WEBHOOK', 'EXPORT-RESTART'],
  'what a process had not sent when it was killed with kill -9, the next one sends to syslog and webhook',
  async () => {
    const receivers = await startReceivers();
    await receivers.syslog.stop();
    await receivers.webhook.stop();
    const one = await openGuard({ config: exportsTo(receivers), env });
    for (let count = 0; count < 3; count++) await one.expectAnswered({});
    const exited = once(one.target.process, 'exit');
    one.target.process.kill('SIGKILL');
    await exited;
    await receivers.syslog.listen();
    await receivers.webhook.listen();
    const { folder } = one.target;
    const next = await startTarget({ issuer: one.idp.issuer, config: exportsTo(receivers), folder, env });
    await expectEveryRecord(next, receivers);
    expect(await next.stop()).toBe(0);
    await expectEveryRecord(next, receivers);
    expect(receivers.webhook.ids().length).toBe(new Set(receivers.webhook.ids()).size);
    await one.close();
    await receivers.syslog.stop();
    await receivers.webhook.stop();
  },
);

verifies('EXPORT-START', 'a syslog export or webhook that can not be set up ends the process', async () => {
  const exporting = (one: object): Record<string, unknown> => ({ audit: { directory: './audit', export: [one] } });
  const wrong: FailedStart[] = [
    {
      config: exporting({ type: 'syslog', endpoint: 'syslog+tcp://siem.example.com:514' }),
      field: 'audit.export[0].endpoint',
      says: /use syslog\+tls/,
      code: 'ERR_CONFIG_INVALID',
      file: 'config.json',
    },
    {
      config: exporting({ type: 'webhook', endpoint: 'https://hooks.example.com/audit', secrets: ['${env:WEBHOOK}'] }),
      env: { WEBHOOK: 'whsec_hunter2hunter2' },
      hides: ['hunter2'],
      field: 'audit.export[0].secrets[0]',
      says: /whsec_ and 24 to 64 bytes/,
      code: 'ERR_CONFIG_INVALID',
      file: 'config.json',
    },
  ];
  const ended = await tryStarts(wrong);
  for (const start of wrong) expectFailedStart(start, ended.get(start));
});
