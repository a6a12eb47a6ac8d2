import { randomBytes } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWebhookSink, type WebhookSinkOptions } from '../../../src/export/webhook/webhook-sink.ts';
import { webhookId } from '../../../src/export/webhook/sign-webhook.ts';
import type { ExportBatch, SendResult } from '../../../src/index.ts';
import { certificate } from '../../support/certificate.ts';
import { ecsProblems } from '../../support/ecs-schema.ts';
import { eventually, ExportLog, startExport } from '../../support/export-log.ts';
import { ocsfProblems } from '../../support/ocsf-schema.ts';
import { closedStory } from '../../support/story.ts';
import { batchOf, startEndpoint, type Answer, type Received } from '../../support/webhook-endpoint.ts';

const secretOf = (): string => `whsec_${randomBytes(32).toString('base64')}`;

const batch = batchOf(closedStory);
const never = new AbortController().signal;

function sinkFor(options: Pick<WebhookSinkOptions, 'endpoint'> & Partial<WebhookSinkOptions>) {
  const sink = createWebhookSink({ secrets: [secretOf()], ...options });
  onTestFinished(() => sink.close?.());
  return sink;
}

describe('a signed request', () => {
  test('is verified by the library of Standard Webhooks, with each of the secrets, and not with another', async () => {
    const { endpoint, received } = await startEndpoint();
    const secrets = [secretOf(), secretOf()];
    expect(await sinkFor({ endpoint, secrets, headers: { 'x-tenant': 'acme' } }).send(batch, never)).toEqual({
      kind: 'accepted',
    });
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    for (const secret of secrets)
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(
        batch.records.map(({ record }) => record),
      );
    for (const [secret, text] of [
      [secretOf(), body],
      [secrets[0] ?? '', `${body} `],
    ] as const)
      expect(() => new Webhook(secret).verify(text, headers as Record<string, string>)).toThrow(
        WebhookVerificationError,
      );
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-tenant': 'acme' });
    expect(body).toBe(`[${batch.records.map(({ line }) => line.toString()).join(',')}]`);
  });

  test('is signed as the library signs', async () => {
    const { endpoint, received } = await startEndpoint();
    const secret = secretOf();
    await sinkFor({ endpoint, secrets: [secret] }).send(batch, never);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    const at = new Date(Number(headers['webhook-timestamp']) * 1000);
    expect(headers['webhook-signature']).toBe(new Webhook(secret).sign(String(headers['webhook-id']), at, body));
  });

  test('has the same id for the same records and another for others', () => {
    const [first, ...rest] = batch.records;
    if (first === undefined) throw new Error('no record');
    expect(webhookId(batch)).toMatch(/^msg_[\w-]{32}$/);
    expect(webhookId(batchOf(closedStory))).toBe(webhookId(batch));
    const others: ExportBatch[] = [
      { ...batch, stream: 'pod-b' },
      { ...batch, records: rest },
      { ...batch, records: [{ ...first, seq: 99 }, ...rest] },
    ];
    expect(new Set([batch, ...others].map(webhookId)).size).toBe(4);
  });

  test.each([
    ['ocsf', ocsfProblems],
    ['ecs', ecsProblems],
  ] as const)('holds events of %s, one for each record', async (format, problemsOf) => {
    const { endpoint, received } = await startEndpoint();
    await sinkFor({ endpoint, format }).send(batch, never);
    const events = JSON.parse(received[0]?.body ?? '') as Record<string, unknown>[];
    expect(events).toHaveLength(batch.records.length);
    expect(events.flatMap(problemsOf)).toEqual([]);
  });
});

test.each<[Answer, Partial<SendResult>]>([
  [{ status: 200, body: 'thanks' }, { kind: 'accepted' }],
  [{ status: 202 }, { kind: 'accepted' }],
  [{ status: 302, headers: { location: 'https://elsewhere.example.com' } }, { kind: 'misconfigured' }],
  [{ status: 400 }, { kind: 'refused' }],
  [{ status: 401 }, { kind: 'misconfigured' }],
  [{ status: 410 }, { kind: 'misconfigured' }],
  [{ status: 413 }, { kind: 'refused', tooLarge: true }],
  [{ status: 422 }, { kind: 'refused' }],
  [
    { status: 429, headers: { 'retry-after': '7' } },
    { kind: 'retry', retryAfterMs: 7000 },
  ],
  [{ status: 500 }, { kind: 'retry' }],
  [
    { status: 503, headers: { 'retry-after': '1' } },
    { kind: 'retry', retryAfterMs: 1000 },
  ],
])('an answer of %j is judged as that of an OTLP receiver: %j', async (answer, result) => {
  const { endpoint } = await startEndpoint(() => answer);
  expect(await sinkFor({ endpoint }).send(batch, never)).toMatchObject(result);
});

test('an endpoint that refuses one record gets all the others, and that one is a dead letter', async () => {
  const log = await ExportLog.create();
  await log.rotate(9);
  const seqsOf = ({ body }: Received): number[] => (JSON.parse(body) as { seq: number }[]).map(({ seq }) => seq);
  const taken = new Set<number>();
  const { endpoint, received } = await startEndpoint((count) => {
    const seqs = received.slice(count - 1, count).flatMap(seqsOf);
    if (seqs.includes(4)) return { status: 422 };
    for (const seq of seqs) taken.add(seq);
    return { status: 204 };
  });
  const running = startExport(log, [{ name: 'hook', sink: sinkFor({ endpoint }) }]);
  await eventually(() => expect([...taken]).toEqual([0, 1, 2, 3, 5, 6, 7, 8]));
  expect(running.events.filter(({ type }) => type === 'audit.dead_letter')).toHaveLength(1);
});

test('TLS is verified, and a client certificate is shown to who asks for one', async () => {
  const { cert, key } = certificate;
  const { endpoint, received } = await startEndpoint(undefined, { cert, key, ca: cert, requestCert: true });
  expect(await sinkFor({ endpoint }).send(batch, never)).toMatchObject({ kind: 'retry' });
  expect(await sinkFor({ endpoint, tls: { ca: cert } }).send(batch, never)).toMatchObject({ kind: 'retry' });
  expect(await sinkFor({ endpoint, tls: { ca: cert, cert, key } }).send(batch, never)).toEqual({ kind: 'accepted' });
  expect(received).toHaveLength(1);
});

test('what can not be set up stops the start with a line that shows no secret', () => {
  const endpoint = 'https://hooks.example.com/audit';
  for (const secret of [
    '',
    'hunter2',
    'whsec_',
    'whsec_aHVudGVyMg==',
    `whsec_${'A'.repeat(33)}!`,
    `whsec_${'A'.repeat(120)}`,
  ]) {
    const make = (): unknown => createWebhookSink({ endpoint, secrets: [secret] });
    expect(make, secret).toThrow(/a secret of the webhook is not whsec_/);
    if (secret !== '' && secret !== 'whsec_') expect(make, secret).not.toThrow(secret);
  }
  expect(() => createWebhookSink({ endpoint, secrets: [] })).toThrow('no secret to sign with');
  for (const wrong of ['http://hooks.example.com', 'ftp://x', 'https://user:pass@hooks.example.com'])
    expect(() => createWebhookSink({ endpoint: wrong, secrets: [secretOf()] })).toThrow('is not an https URL');
  createWebhookSink({
    endpoint: 'http://hooks.example.com',
    secrets: [secretOf()],
    dangerouslyAllowInsecureEndpoint: true,
  });
});
