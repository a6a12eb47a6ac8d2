import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSyslogSink, type SyslogSinkOptions } from '../../../src/export/syslog/syslog-sink.ts';
import { parseCef } from '../../support/parse-cef.ts';
import { certificate } from '../../support/certificate.ts';
import { ecsProblems } from '../../support/ecs-schema.ts';
import { eventually, ExportLog, startExport } from '../../support/export-log.ts';
import { Rsyslog, type RsyslogOptions } from '../../support/rsyslog.ts';

const { cert, key } = certificate;
const sinkFor = ({ port }: Rsyslog, options: Partial<SyslogSinkOptions> = {}): ReturnType<typeof createSyslogSink> =>
  createSyslogSink({ host: '127.0.0.1', port, transport: 'tcp', timeoutMs: 3000, ...options });

/** Lines of the log that have not arrived. */
async function missing(log: ExportLog, rsyslog: Rsyslog): Promise<string[]> {
  const seen = new Set((await rsyslog.messages()).map(({ message }) => message));
  const names = (await readdir(log.directory)).filter((name) => /^audit-.*\.jsonl$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(log.directory, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').slice(0, -1)).filter((line) => !seen.has(line));
}

const ways: readonly (readonly [name: string, server: RsyslogOptions, client: Partial<SyslogSinkOptions>])[] = [
  ['TCP', {}, {}],
  ['TCP, confirmed by the send', {}, { confirm: 'sent' }],
  ['TLS', { tls: 'anonymous' }, { transport: 'tls', tls: { ca: cert } }],
  ['TLS with a client certificate', { tls: 'verified' }, { transport: 'tls', tls: { ca: cert, cert, key } }],
];

test.each(ways)('rsyslog gets every record, byte for byte the line of the log: %s', async (_name, server, client) => {
  const rsyslog = await Rsyslog.create(server);
  if (rsyslog === undefined) return;
  await rsyslog.start();
  const log = await ExportLog.create();
  await log.rotate(300);
  const running = startExport(log, [{ name: 'syslog', sink: sinkFor(rsyslog, client) }]);
  await eventually(() => expect(running.status()).toMatchObject([{ records: 0 }]));
  await eventually(async () => expect(await missing(log, rsyslog)).toEqual([]));
  const messages = await rsyslog.messages();
  expect(messages).toHaveLength(300);
  const record = JSON.parse(messages[0]?.message ?? '') as Record<string, string>;
  expect(messages[0]).toMatchObject({
    pri: '110',
    timestamp: record['at'],
    appName: 'sallyport',
    procId: record['boot'],
    msgId: 'mcp.decision',
    structuredData: `[sallyport@32473 id="${record['id']}" stream="pod-a" seq="0" call="${record['call']}"]`,
  });
  expect(running.said.filter(({ level }) => level === 'error')).toEqual([]);
});

test.each(['ecs', 'cef'] as const)('rsyslog gets %s as messages, with what is not ASCII', async (format) => {
  const rsyslog = await Rsyslog.create();
  if (rsyslog === undefined) return;
  await rsyslog.start();
  const log = await ExportLog.create();
  await log.rotate(1);
  await log.write(3, () => ({ type: 'mcp.decision', target: { kind: 'tool', name: 'größe-測試' } }));
  startExport(log, [{ name: 'syslog', sink: sinkFor(rsyslog, { format }) }]);
  await eventually(async () => expect(await rsyslog.messages()).toHaveLength(4));
  for (const { message } of (await rsyslog.messages()).slice(1)) {
    // A text begins with a byte order mark, which rsyslog hands through; JSON has none.
    const text = message.replace(/^\uFEFF/, '');
    expect(message.startsWith('\uFEFF')).toBe(format === 'cef');
    if (format === 'cef') expect(parseCef(text).extension.get('cs1')).toBe('größe-測試');
    else {
      const event = JSON.parse(text) as Record<string, unknown>;
      expect(ecsProblems(event)).toEqual([]);
      expect(event).toMatchObject({ sallyport: { target: { name: 'größe-測試' } } });
    }
  }
});

test.each([ways[0], ways[2]].filter((way) => way !== undefined))(
  'no record is missing when rsyslog is killed again and again in the middle: %s',
  async (_name, server, client) => {
    const rsyslog = await Rsyslog.create(server);
    if (rsyslog === undefined) return;
    await rsyslog.start();
    const log = await ExportLog.create();
    await log.rotate(1);
    const running = startExport(log, [{ name: 'syslog', sink: sinkFor(rsyslog, client) }], {
      timing: { limits: { records: 512, bytes: 1024 * 1024 } },
    });
    const count = async (): Promise<number> => (await rsyslog.messages()).length;
    for (let round = 0; round < 8; round++) {
      const before = await count();
      await log.write(700);
      await eventually(async () => expect(await count()).toBeGreaterThan(before));
      await rsyslog.kill();
      await rsyslog.start();
    }
    await eventually(() => expect(running.status()).toMatchObject([{ records: 0 }]));
    await eventually(async () => expect(await missing(log, rsyslog)).toEqual([]));
  },
);
