import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { createAnchor } from '../../src/anchor/create-anchor.ts';
import { createSigningKey, formatCheckpoint, signNote } from '../../src/index.ts';

const key = createSigningKey('log.example/pod-a', Buffer.alloc(32, 1));
const note = signNote(formatCheckpoint({ origin: key.name, size: 7, root: Buffer.alloc(32, 2) }), [key]);

async function collector(
  status: number,
): Promise<{ url: string; got: { headers: IncomingHttpHeaders; body: Buffer }[] }> {
  const got: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      got.push({ headers: req.headers, body: gunzipSync(Buffer.concat(chunks)) });
      res.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  onTestFinished(() => server.closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`, got };
}

test('an OpenTelemetry receiver as an anchor gets the signed note as the body of a record', async () => {
  const { url, got } = await collector(200);
  const anchor = await createAnchor({ type: 'otlp', url, headers: { authorization: 'Bearer write-only' } });
  await anchor.publish(note, new AbortController().signal);
  await anchor.close?.();
  expect(got[0]?.headers).toMatchObject({
    authorization: 'Bearer write-only',
    'content-type': 'application/x-protobuf',
  });
  const body = got[0]?.body.toString('utf8') ?? '';
  for (const part of [note, 'sallyport.audit.checkpoint', 'audit.checkpoint.size', key.name])
    expect(body).toContain(part);
});

test('an OpenTelemetry receiver that refuses a checkpoint has not taken it', async () => {
  const { url } = await collector(503);
  const anchor = await createAnchor({ type: 'otlp', url });
  await expect(anchor.publish(note, new AbortController().signal)).rejects.toThrow('the receiver answered 503');
  await anchor.close?.();
  await expect(createAnchor({ type: 'otlp', url: 'http://collector/v1/logs' })).rejects.toMatchObject({
    code: 'ERR_AUDIT_EXPORT',
  });
});
