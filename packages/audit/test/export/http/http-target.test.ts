import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createOtlpSink } from '../../../src/export/otlp/otlp-sink.ts';
import { createWebhookSink } from '../../../src/export/webhook/webhook-sink.ts';
import type { ExportBatch } from '../../../src/index.ts';
import { auditRecord } from '../../support/story.ts';

const record = auditRecord({ seq: 0 });
const batch: ExportBatch = {
  stream: 'pod-a',
  records: [{ seq: 0, line: Buffer.from(JSON.stringify(record)), record }] as unknown as ExportBatch['records'],
};
const never = new AbortController().signal;

const key = `pa"ss\\w/rd & <canary>'7`;
const secret = `whsec_${Buffer.from('canary&canary?canary>canary!').toString('base64')}`;
const headers = {
  authorization: 'Bearer canary-7f3a9c15e8b24d60',
  'x-key': key,
  'x-basic': `Basic ${Buffer.from('someone:canary-password').toString('base64')}`,
};
const path = '/services/T0001/canaryB0002%2F/Zx81canary%20x';
const query = 'token=canary-query%2Fvalue&x=1';

/** What a webhook and an OTLP sink say of an answer. */
async function problemsOf(status: number, type: string, answer: (request: IncomingMessage) => string): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'content-type': type }).end(answer(request)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}?${query}`;
  const sinks = [
    createWebhookSink({ endpoint, headers, secrets: [secret] }),
    await createOtlpSink({
      endpoint,
      headers: { ...headers, 'x-secret': secret, 'x-secret-key': secret.slice(6) },
      format: 'json',
    }),
  ];
  onTestFinished(async () => {
    for (const sink of sinks) await sink.close?.();
    server.closeAllConnections();
    server.close();
  });
  return JSON.stringify(await Promise.all(sinks.map((sink) => sink.send(batch, never))));
}

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

test.each<[what: string, answer: (request: IncomingMessage) => string]>([
  ['a header', ({ headers: got }) => `you said ${got.authorization}`],
  ['the token of a header', ({ headers: got }) => `no such token: ${got.authorization?.slice(7)}`],
  ['a header as JSON', ({ headers: got }) => JSON.stringify({ got: got['x-key'] })],
  ['a header as JSON inside JSON', ({ headers: got }) => JSON.stringify(JSON.stringify({ got: got['x-key'] }))],
  ['a header as PHP writes JSON', ({ headers: got }) => JSON.stringify(got['x-key']).replaceAll('/', '\\/')],
  ['a header as HTML', ({ headers: got }) => html(String(got['x-key']))],
  ['a header in a URL', ({ headers: got }) => encodeURIComponent(String(got['x-key']))],
  ['a header in a form', ({ headers: got }) => encodeURIComponent(String(got['x-key'])).replaceAll('%20', '+')],
  ['the password in a header', () => 'unknown user someone with canary-password'],
  ['the path and query', ({ url }) => `Cannot POST ${url}`],
  ['the path alone', ({ url }) => `Cannot POST ${url?.split('?')[0]}`],
  ['the path in clear', ({ url }) => `Cannot POST ${decodeURIComponent(url?.split('?')[0] ?? '')}`],
  ['a part of the path', () => 'no hook canaryB0002%2F, no key Zx81canary x'],
  ['a value of the query', () => 'no such token: canary-query/value'],
])('an answer that repeats %s puts no credential into a problem, wherever it is cut', async (_what, answer) => {
  for (const length of [0, 170, 180, 190])
    for (const type of ['text/html', 'application/json'])
      expect(await problemsOf(403, type, (request) => 'x'.repeat(length) + answer(request))).not.toMatch(/canary|7f3a/);
});

test('an answer that repeats the secret of a webhook puts no part of it into a problem', async () => {
  for (const text of [
    secret,
    secret.slice(6),
    encodeURIComponent(secret),
    JSON.stringify(secret).replaceAll('/', '\\/'),
  ])
    expect(await problemsOf(400, 'text/plain', () => `expected ${text}`)).not.toContain(secret.slice(6, 20));
});

test('what an OTLP receiver warns of is without credentials too', async () => {
  const errorMessage = `${'x'.repeat(190)}${headers.authorization}`;
  const said = await problemsOf(200, 'application/json', () => JSON.stringify({ partialSuccess: { errorMessage } }));
  expect(said).toContain('"warning":"xxx');
  expect(said).not.toContain('canary');
});
