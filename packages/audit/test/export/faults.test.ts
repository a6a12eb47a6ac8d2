import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createOtlpSink, type OtlpSinkOptions } from '../../src/index.ts';
import { Collector, partialSuccess, type Behave } from '../support/collector.ts';
import { eventually, ExportLog, startExport, type RunningExport } from '../support/export-log.ts';

async function begin(
  behave: Behave,
  options: Partial<OtlpSinkOptions> = {},
): Promise<{ log: ExportLog; collector: Collector; running: RunningExport }> {
  const log = await ExportLog.create();
  await log.rotate(3);
  await log.write(197);
  const collector = await Collector.start(behave);
  const sink = await createOtlpSink({ endpoint: collector.endpoint, ...options });
  return { log, collector, running: startExport(log, [{ name: 'otlp', sink }]) };
}

const all = Array.from({ length: 200 }, (_, index) => index);

async function cursorOf(log: ExportLog): Promise<number> {
  const text = await readFile(join(log.directory, 'export-pod-a-otlp.cursor'), 'utf8');
  return (JSON.parse(text) as { seq: number }).seq;
}

/** Every fault ends at some time; then the receiver has exactly what the log has. */
async function expectEverything(log: ExportLog, collector: Collector): Promise<void> {
  await eventually(() => expect(collector.seqs).toEqual(all));
  await eventually(async () => expect(await cursorOf(log)).toBe(200));
  const text = await readFile(
    join(log.directory, (await readdir(log.directory)).find((name) => name.startsWith('audit-')) ?? ''),
    'utf8',
  );
  const lines = text.trimEnd().split('\n');
  const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id);
  expect(collector.ids).toEqual(new Set(ids));
  expect(new Set(collector.taken.map(({ body }) => body))).toEqual(new Set(lines));
}

describe.each(['json', 'protobuf'] as const)('with %s', (format) => {
  const json = format === 'json';
  const first =
    (count: number, answer: ReturnType<Behave>): Behave =>
    (received) =>
      received.number <= count ? answer : undefined;

  test.each<[string, Behave]>([
    ['works', () => undefined],
    ['is overloaded (503)', first(4, { status: 503, keep: false })],
    ['fails (500, 502, 504, 507)', ({ number }) => ({ status: [500, 502, 504, 507][number - 1] ?? 200 })],
    ['asks to wait (429 with Retry-After in seconds)', first(2, { status: 429, headers: { 'retry-after': '0' } })],
    [
      'asks to wait until a date',
      first(2, { status: 429, headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' } }),
    ],
    ['resets the connection after it took the records', first(3, { reset: true, keep: true })],
    [
      'answers 200 with a page of somebody else',
      first(3, { headers: { 'content-type': 'text/html' }, body: '<html>' }),
    ],
    ['answers 200 with bytes that are no answer', first(3, { body: 'OK' })],
    [
      'answers 200 with half an answer',
      first(3, { body: json ? '{"partialSuccess":' : Buffer.from([0x0a, 0x05, 0x08]) }),
    ],
    ['answers 200 with a very long body', first(2, { body: json ? ' '.repeat(100_000) : Buffer.alloc(100_000, 0x10) })],
    ['answers 201, which no receiver does', first(2, { status: 201, keep: false })],
    [
      'cuts the connection when a batch is too large',
      ({ records }) => (records.length > 10 ? { reset: true, keep: false } : undefined),
    ],
    ['takes some and does not say which', first(1, { ...partialSuccess(3, json), keep: false })],
    ['refuses the credentials for a while', first(3, { status: 401, keep: false })],
    ['is not there yet (404)', first(3, { status: 404, keep: false })],
    ['redirects', first(2, { status: 308, headers: { location: 'http://127.0.0.1:1/' }, keep: false })],
    ['finds batches too large', ({ records }) => (records.length > 10 ? { status: 413, keep: false } : undefined)],
  ])('a receiver that %s has every record in the end', async (_name, behave) => {
    const { log, collector } = await begin(behave, { format });
    await expectEverything(log, collector);
  });

  test('nothing is acknowledged by a page, a redirect, an empty promise or a count below zero', async () => {
    const answers = [
      { headers: { 'content-type': 'text/html' }, body: '<html>ok</html>' },
      { headers: { 'content-type': 'text/plain' }, body: '{}' },
      { status: 201 },
      { status: 302, headers: { location: '/' } },
      { body: json ? '[]' : Buffer.from([0xff]) },
      { body: json ? '"ok"' : Buffer.from([0x0d]) },
      { body: json ? '{"partialSuccess":{"rejectedLogRecords":"many"}}' : Buffer.from([0x0a, 0x02, 0x0a, 0x00]) },
      { ...partialSuccess(-1, json) },
      { headers: { 'content-encoding': 'gzip' }, body: json ? '{}' : '' },
    ];
    const { log, collector } = await begin(
      ({ number }) => ({ ...answers[(number - 1) % answers.length], keep: false }),
      { format },
    );
    await eventually(() => expect(collector.requests.length).toBeGreaterThan(answers.length * 2));
    expect(await cursorOf(log)).toBe(0);
  });

  test('one poison record goes to the dead letters, every other record to the receiver', async () => {
    const poison = new Set([0, 71, 72, 199]);
    const { log, collector, running } = await begin(
      ({ records }) => {
        const bad = records.filter(({ attributes }) => poison.has(Number(attributes['audit.seq']))).length;
        if (bad === 0) return undefined;
        // Takes the good ones of the batch, or takes none.
        return records.length % 2 === 0
          ? { ...partialSuccess(bad, json), keep: false }
          : { status: 400, keep: false, body: 'bad' };
      },
      { format },
    );
    await eventually(() => expect(collector.seqs).toEqual(all.filter((seq) => !poison.has(seq))));
    await eventually(async () => expect(await cursorOf(log)).toBe(200));
    const letters = (await readFile(join(log.directory, 'export-pod-a-otlp.dead.jsonl'), 'utf8')).trimEnd().split('\n');
    const dead = letters.map(
      (line) => JSON.parse(line) as { seq: number; id: string; problem: string; record: { id: string } },
    );
    expect(dead.map(({ seq }) => seq)).toEqual([...poison]);
    for (const { id, record, problem } of dead) {
      expect(record.id).toBe(id);
      expect(problem).toMatch(/^the receiver (?:answered 400|rejected 1 records)/);
    }
    expect(running.events.filter(({ type }) => type === 'audit.dead_letter')).toHaveLength(4);
  });
});

test('a receiver that is down when the process starts, and goes down in between, has every record in the end', async () => {
  const { log, collector } = await begin(() => undefined);
  await collector.stop();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await collector.listen();
  await eventually(() => expect(collector.seqs.length).toBeGreaterThan(0));
  await collector.stop();
  await collector.listen();
  await expectEverything(log, collector);
});

test('a receiver that does not answer in time is asked again', async () => {
  const { log, collector, running } = await begin(
    ({ number }) => (number < 3 ? { delayMs: 2000, keep: true } : undefined),
    {
      timeoutMs: 50,
    },
  );
  await expectEverything(log, collector);
  expect(running.said.map(({ facts }) => facts['problem'])).toContain('no answer within 50 ms');
});

test('a receiver that refuses everything does not get the whole log set aside at once', async () => {
  const { log, running } = await begin(() => ({ status: 400, keep: false }));
  await eventually(() =>
    expect(running.said.map(({ message }) => message)).toContainEqual(expect.stringContaining('is it the right one?')),
  );
  expect(await cursorOf(log)).toBeLessThan(30);
});

test('wrong credentials set nothing aside, and are said once and not at every attempt', async () => {
  const { log, collector, running } = await begin(() => ({ status: 403, keep: false }));
  await eventually(() => expect(collector.requests.length).toBeGreaterThan(5));
  expect((await readdir(log.directory)).filter((name) => name.includes('.dead.'))).toEqual([]);
  const loud = running.said.filter(({ level }) => level === 'error');
  expect(loud).toHaveLength(1);
  expect(loud[0]).toMatchObject({
    message: expect.stringMatching(/^ERR_AUDIT_EXPORT/) as string,
    facts: { export: 'otlp', problem: 'the receiver answered 403' },
  });
});

test('what is said about a failure never holds the credentials that were sent', async () => {
  const secret = 'Bearer k9-very-secret-key';
  const { running } = await begin(
    ({ request }) => ({
      status: 401,
      headers: { 'content-type': 'text/plain' },
      body: `no: ${request.headers.authorization ?? ''} / ${request.headers.authorization?.slice(7) ?? ''}`,
    }),
    { headers: { authorization: secret } },
  );
  await eventually(() => expect(running.said.length).toBeGreaterThan(0));
  expect(JSON.stringify(running.said)).not.toContain('very-secret');
  expect(JSON.stringify(running.said)).toContain('the receiver answered 401: no: [redacted]');
});
