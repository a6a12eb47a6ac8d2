import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditLog, OperationalLogger } from '@sallyport/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { checkCompleteness, openAuditLog, type OpenAuditLogOptions } from '../../src/index.ts';
import { openAuditLogWith } from '../../src/log/open-audit-log.ts';
import { DeadWriter, started } from '../support/dead-writer.ts';
import { allow, deny, outcome } from '../support/entries.ts';
import { FaultyDisk } from '../support/faulty-disk.ts';
import { deadPid, fast, unseen, writeLock } from '../support/foreign-lock.ts';
import { readAll, typesOf } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function open(directory: string, options: Partial<OpenAuditLogOptions> = {}): Promise<AuditLog> {
  const log = await openAuditLogWith({ directory, stream: 'pod-a', hashKey: new Uint8Array(32), ...options }, fast);
  onTestFinished(() => log.close());
  return log;
}

function logger(): { log: OperationalLogger; said: (level: keyof OperationalLogger) => string[] } {
  const lines: { level: string; facts: object; message: string }[] = [];
  const say =
    (level: string) =>
    (facts: object, message: string): void =>
      void lines.push({ level, facts, message });
  return {
    log: { info: say('info'), warn: say('warn'), error: say('error') },
    said: (level) =>
      lines.filter((line) => line.level === level).map(({ facts, message }) => `${message} ${JSON.stringify(facts)}`),
  };
}

test('a log begins with audit.started, ends with audit.stopped, and every start opens a new segment', async () => {
  const directory = await temporaryDirectory();
  for (let round = 0; round < 2; round++) {
    const log = await open(directory);
    const call = allow();
    await log.append(call);
    await log.append(outcome(call.call));
    await log.close();
  }
  const { records, findings } = await readAll(directory);
  const one = ['audit.started', 'mcp.decision', 'mcp.outcome', 'audit.stopped'];
  expect(typesOf(records)).toEqual([...one, ...one]);
  expect(records.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(findings).toEqual([]);
  expect((await readdir(directory)).sort()).toEqual([
    'audit-pod-a-00000000000000000000.checkpoint',
    'audit-pod-a-00000000000000000000.frontier',
    'audit-pod-a-00000000000000000000.jsonl',
    'audit-pod-a-00000000000000000004.checkpoint',
    'audit-pod-a-00000000000000000004.frontier',
    'audit-pod-a-00000000000000000004.jsonl',
    'hash-pod-a.ids',
    'signing-pod-a.key',
    'signing-pod-a.pub',
  ]);
});

test('an acknowledged record is on disk, with what the log adds to it', async () => {
  const directory = await temporaryDirectory();
  const log = await open(directory);
  const call = allow();
  await log.append(call);
  const { records } = await readAll(directory);
  expect(records.at(-1)).toMatchObject({
    v: 1,
    type: 'mcp.decision',
    stream: 'pod-a',
    seq: 1,
    call: call.call,
    actor: { iss: 'https://idp.example', sub: 'alice', clientId: 'client-1' },
    arguments: { id: expect.stringMatching(/^hmac-sha256:k1:/) },
  });
});

test('the directory is made for its owner alone, and so are the files', async () => {
  const directory = join(await temporaryDirectory(), 'deep', 'audit');
  const { log, said } = logger();
  const audit = await openAuditLog({ directory, stream: 'pod-a', log });
  onTestFinished(() => audit.close());
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  for (const name of await readdir(directory))
    expect((await stat(join(directory, name))).mode & 0o777, name).toBe(0o600);
  expect((await readdir(directory)).sort()).toEqual([
    'audit-pod-a-00000000000000000000.checkpoint',
    'audit-pod-a-00000000000000000000.frontier',
    'audit-pod-a-00000000000000000000.jsonl',
    'audit-pod-a.lock',
    'hash-pod-a.ids',
    'hash-pod-a.key',
    'signing-pod-a.key',
    'signing-pod-a.pub',
  ]);
  expect(said('warn').join()).toContain('made a new hash key');
  expect(said('warn').join()).toContain('made a new signing key');
});

test('a directory that others can write to is used with a warning', async () => {
  const directory = await temporaryDirectory();
  await chmod(directory, 0o777);
  const { log, said } = logger();
  await open(directory, { log });
  expect(said('warn').join()).toContain('can be written by others');
});

test('a logger that throws disturbs nothing', async () => {
  const broken = (): never => {
    throw new Error('broken');
  };
  const directory = await temporaryDirectory();
  const log = await open(directory, { log: { info: broken, warn: broken, error: broken } });
  await log.append(deny());
  expect((await readAll(directory)).records).toHaveLength(2);
});

test.each([
  ['a file', async (path: string) => writeFile(path, '')],
  ['a link to nowhere', async (path: string) => symlink('/proc/nowhere', path)],
])('%s in place of the directory stops the start', async (_, make) => {
  const path = join(await temporaryDirectory(), 'audit');
  await make(path);
  await expect(openAuditLog({ directory: path, stream: 'a' })).rejects.toMatchObject({
    code: 'ERR_AUDIT_DIRECTORY',
    field: 'audit.directory',
    file: path,
  });
});

test('a directory that can not be written stops the start', async () => {
  await expect(openAuditLog({ directory: '/proc/self', stream: 'a' })).rejects.toMatchObject({
    code: 'ERR_AUDIT_DIRECTORY',
  });
});

test('a disk that takes no segment stops the start in every mode and gives the lock back', async () => {
  const directory = await temporaryDirectory();
  const fileSystem = new FaultyDisk();
  fileSystem.fail('ENOSPC');
  for (const mode of ['strict', 'available'] as const) {
    await expect(open(directory, { mode, fileSystem })).rejects.toMatchObject({
      code: 'ERR_AUDIT_DIRECTORY',
      message: expect.stringContaining('ENOSPC'),
    });
  }
  await open(directory);
});

test('a second writer of a stream is told who has it', async () => {
  const directory = await temporaryDirectory();
  await open(directory);
  await expect(open(directory)).rejects.toMatchObject({
    code: 'ERR_AUDIT_LOCKED',
    field: 'audit.stream',
    message: expect.stringContaining(`process ${process.pid} on `),
  });
  await open(directory, { stream: 'pod-b' });
});

test.each(['', '../x', 'a b', 'a/b'])('a stream called %j stops the start', async (stream) => {
  const directory = await temporaryDirectory();
  await expect(open(directory, { stream })).rejects.toMatchObject({ field: 'audit.stream' });
});

test('a key of the wrong form stops the start and gives the lock back', async () => {
  const directory = await temporaryDirectory();
  await expect(open(directory, { hashKey: 'short' })).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
  await open(directory);
});

test('a stream that can not be read stops the start', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'audit-pod-a-00000000000000000000.jsonl'));
  await expect(open(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_DAMAGED' });
});

test('a damaged log is named, kept and reported, and the start goes on behind it', async () => {
  const directory = await temporaryDirectory();
  const file = await new DeadWriter(directory, 'pod-a').begin(started, deny(), deny());
  const lines = (await readFile(join(directory, file), 'utf8')).split('\n');
  lines[1] = 'edited';
  await writeFile(join(directory, file), lines.join('\n'));
  const { log, said } = logger();
  const audit = await open(directory, { log });
  expect(said('error').join()).toContain('ERR_AUDIT_DAMAGED');
  await audit.close();
  const { records } = await readAll(directory);
  expect(records.map(({ seq }) => seq)).toEqual([0, 2, 3, 4]);
  expect(records[2]).toMatchObject({
    type: 'audit.started',
    detail: { damaged: { count: 1, lines: [{ file, line: 2 }] } },
  });
  expect(await readFile(join(directory, file), 'utf8')).toBe(lines.join('\n'));
});

test('what the last writer of the stream left open is closed as aborted, behind audit.started', async () => {
  const directory = await temporaryDirectory();
  const call = allow();
  const file = await new DeadWriter(directory, 'pod-a').begin(started, call);
  const { log, said } = logger();
  await (await open(directory, { log })).close();
  const { records } = await readAll(directory);
  expect(typesOf(records)).toEqual(['audit.started', 'mcp.decision', 'audit.started', 'mcp.outcome', 'audit.stopped']);
  expect(records[2]).toMatchObject({ detail: { previous: file, aborted: 1, mode: 'strict', level: 'metadata' } });
  expect(records[3]).toMatchObject({ call: call.call, outcome: { status: 'aborted' } });
  expect(said('warn').join()).toContain('recorded as aborted');
  expect(await checkCompleteness(directory)).toMatchObject({
    complete: true,
    allows: 1,
    allowsWithOutcome: 1,
    aborted: 1,
  });
});

test('a new pod closes what its dead predecessor left open, in the stream of the predecessor', async () => {
  const directory = await temporaryDirectory();
  const call = allow();
  await new DeadWriter(directory, 'pod-old').begin(started, call);
  await writeLock(directory, 'pod-old', { pid: await deadPid() });
  await open(directory);
  const { records } = await readAll(directory, 'pod-old');
  expect(typesOf(records)).toEqual(['audit.started', 'mcp.decision', 'audit.started', 'mcp.outcome', 'audit.stopped']);
  expect(records[2]).toMatchObject({ stream: 'pod-old', seq: 2, detail: { recoveredBy: 'pod-a', aborted: 1 } });
  expect(records[3]).toMatchObject({ call: call.call, outcome: { status: 'aborted' } });
  expect(await readdir(directory)).not.toContain('audit-pod-old.lock');
});

test('a predecessor that can not be seen is finished once its heartbeat has stopped', async () => {
  const directory = await temporaryDirectory();
  await new DeadWriter(directory, 'pod-old').begin(started, allow());
  await writeLock(directory, 'pod-old', unseen);
  await open(directory);
  await vi.waitFor(
    async () => expect(typesOf((await readAll(directory, 'pod-old')).records)).toContain('audit.stopped'),
    10_000,
  );
});

test('a stream whose writer can not be seen is taken once its heartbeat has stopped, and the waiting is said', async () => {
  const directory = await temporaryDirectory();
  const call = allow();
  await new DeadWriter(directory, 'pod-a').begin(started, call);
  await writeLock(directory, 'pod-a', unseen);
  const { log, said } = logger();
  await open(directory, { log });
  expect(said('warn').join()).toContain('waiting for its heartbeat {');
  expect((await readAll(directory)).records.at(-1)).toMatchObject({ call: call.call, outcome: { status: 'aborted' } });
});

test('closing does not wait for a heartbeat', async () => {
  const directory = await temporaryDirectory();
  await new DeadWriter(directory, 'pod-old').begin(started, allow());
  await writeLock(directory, 'pod-old', unseen);
  const log = await openAuditLog({ directory, stream: 'pod-a', hashKey: new Uint8Array(32) });
  await log.close();
  expect((await readAll(directory, 'pod-old')).records).toHaveLength(2);
});

test('the streams of living writers are left alone', async () => {
  const directory = await temporaryDirectory();
  const neighbour = await open(directory, { stream: 'pod-b' });
  const call = allow();
  await neighbour.append(call);
  await open(directory);
  await neighbour.append(outcome(call.call));
  expect(await checkCompleteness(directory, { stream: 'pod-b' })).toMatchObject({ complete: true, aborted: 0 });
});

test('a stream of another writer that can not be finished does not stop the start', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'audit-pod-old-00000000000000000000.jsonl'));
  const { log, said } = logger();
  await open(directory, { log });
  expect(said('error').join()).toContain('can not be finished');
});

test(
  'a final record torn at any byte is set aside, and the log is complete afterwards',
  { timeout: 120_000 },
  async () => {
    const whole = await temporaryDirectory();
    const call = allow();
    const writer = new DeadWriter(whole, 'pod-a');
    const file = await writer.begin(started, call);
    const before = (await readFile(join(whole, file))).length;
    await writer.append(outcome(call.call));
    const content = await readFile(join(whole, file));

    const cutAt = async (size: number): Promise<void> => {
      const directory = join(whole, String(size));
      await mkdir(directory);
      await writeFile(join(directory, file), content.subarray(0, size));
      await (await open(directory)).close();
      const torn = size !== before && size !== content.length;
      const report = await checkCompleteness(directory);
      expect(report, `cut at ${size}`).toMatchObject({
        complete: true,
        allows: 1,
        allowsWithOutcome: 1,
        torn: torn ? 1 : 0,
      });
      expect(report.aborted).toBe(size === content.length ? 0 : 1);
      expect((await readdir(directory)).includes(`${file}.torn`)).toBe(torn);
      expect((await readFile(join(directory, file))).equals(content.subarray(0, size))).toBe(true);
    };
    for (let size = before; size <= content.length; size += 16) {
      const sizes = Array.from({ length: Math.min(16, content.length - size + 1) }, (_, index) => size + index);
      await Promise.all(sizes.map(cutAt));
    }
  },
);
