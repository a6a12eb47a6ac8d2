import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createWebhookSink } from '../../../src/export/webhook/webhook-sink.ts';
import type { ExportSink } from '../../../src/index.ts';
import { eventually, ExportLog, startExport } from '../../support/export-log.ts';
import { closedStory } from '../../support/story.ts';
import { batchOf, startEndpoint } from '../../support/webhook-endpoint.ts';

const never = new AbortController().signal;

function sinkFor(endpoint: string): ExportSink {
  const sink = createWebhookSink({ endpoint, secrets: [`whsec_${randomBytes(32).toString('base64')}`] });
  onTestFinished(() => sink.close?.());
  return sink;
}

test('an endpoint that answers 400 to everything until its secret is corrected gets every record, and there is no dead letter', async () => {
  const log = await ExportLog.create();
  await log.rotate(200);
  let corrected = false;
  const { endpoint, received } = await startEndpoint(() => ({ status: corrected ? 204 : 400 }));
  const running = startExport(log, [{ name: 'hook', sink: sinkFor(endpoint) }]);
  const problems = (): string => JSON.stringify(running.said.filter(({ level }) => level === 'error'));
  await eventually(() => expect(problems()).toMatch(/the receiver answered 400; .* check its secret, its clock/));
  const before = received.length;
  await eventually(() => expect(received.length).toBeGreaterThan(before + 3));
  const refused = received.length;
  corrected = true;
  await eventually(() => expect(running.status()).toMatchObject([{ records: 0 }]));
  const seqs = received
    .slice(refused)
    .flatMap(({ body }) => (JSON.parse(body) as { seq: number }[]).map(({ seq }) => seq));
  expect(new Set(seqs).size).toBe(200);
  expect(running.events.filter(({ type }) => type === 'audit.dead_letter')).toEqual([]);
});

test('an endpoint that stops taking anything costs 16 dead letters, and the rest waits until it takes records again', async () => {
  let status = 204;
  const { endpoint } = await startEndpoint(() => ({ status }));
  const sink = sinkFor(endpoint);
  const lone = batchOf(closedStory.slice(0, 1));
  const kinds = async (count: number): Promise<Set<string>> => {
    const results = new Set<string>();
    for (let sent = 0; sent < count; sent++) results.add((await sink.send(lone, never)).kind);
    return results;
  };
  for (let round = 0; round < 2; round++) {
    status = 204;
    expect(await kinds(1)).toEqual(new Set(['accepted']));
    status = 400;
    expect(await kinds(16)).toEqual(new Set(['refused']));
    expect(await kinds(20)).toEqual(new Set(['misconfigured']));
  }
});
