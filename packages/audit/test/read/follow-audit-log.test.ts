import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { followAuditLog } from '../../src/read/follow-audit-log.ts';
import { segmentName } from '../../src/segment/segment-name.ts';
import { lineOf, stream } from '../support/signed-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const lines = (from: number, to: number, of = stream): string =>
  Array.from({ length: to - from }, (_, index) => `${lineOf(from + index, { stream: of })}\n`).join('');
const fileOf = (directory: string, firstSeq: number, of = stream): string =>
  join(directory, segmentName(of, firstSeq).file);

/** Follows until nothing more is wanted. */
function follow(directory: string, last = 0) {
  const stop = new AbortController();
  const records = followAuditLog(directory, { last, signal: stop.signal, pollMs: 5 });
  return {
    async next(count: number): Promise<string[]> {
      const seen: string[] = [];
      while (seen.length < count) {
        const { value } = await records.next();
        if (value !== undefined) seen.push(`${value.stream} ${value.seq}`);
      }
      return seen;
    },
    async end(): Promise<unknown> {
      stop.abort();
      return (await records.next()).done;
    },
  };
}

describe('following a log', () => {
  it('begins with the newest records, over several segments, and without following ends there', async () => {
    const directory = await temporaryDirectory();
    await writeFile(fileOf(directory, 0), lines(0, 5));
    await writeFile(fileOf(directory, 5), lines(5, 7));
    await writeFile(fileOf(directory, 0, 'pod-b'), lines(0, 2, 'pod-b'));
    const seen: string[] = [];
    for await (const record of followAuditLog(directory, { last: 3, follow: false }))
      seen.push(`${record.stream} ${record.seq}`);
    expect(seen).toEqual(['pod-a 4', 'pod-a 5', 'pod-a 6', 'pod-b 0', 'pod-b 1']);
  });

  it('goes on with what is appended, in half lines too, in new segments and in new streams', async () => {
    const directory = await temporaryDirectory();
    await writeFile(fileOf(directory, 0), lines(0, 3));
    const log = follow(directory, 1);
    expect(await log.next(1)).toEqual(['pod-a 2']);
    const text = lines(3, 5);
    await appendFile(fileOf(directory, 0), text.slice(0, 40));
    const waiting = log.next(2);
    await appendFile(fileOf(directory, 0), text.slice(40));
    expect(await waiting).toEqual(['pod-a 3', 'pod-a 4']);
    await writeFile(fileOf(directory, 5), lines(5, 6));
    expect(await log.next(1)).toEqual(['pod-a 5']);
    await appendFile(fileOf(directory, 5), `garbage\n${lines(6, 7)}`);
    expect(await log.next(1)).toEqual(['pod-a 6']);
    await writeFile(fileOf(directory, 0, 'pod-b'), lines(0, 1, 'pod-b'));
    expect(await log.next(1)).toEqual(['pod-b 0']);
    await rm(fileOf(directory, 0));
    await appendFile(fileOf(directory, 5), lines(7, 8));
    expect(await log.next(1)).toEqual(['pod-a 7']);
    expect(await log.end()).toBe(true);
  });

  it('of a directory that is not there ends at once', async () => {
    const records = followAuditLog('/nowhere/at/all');
    await expect(records.next()).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY' });
  });
});

it('where nothing is waited for, a directory without a log and a segment that is no file are mistakes', async () => {
  const directory = await temporaryDirectory();
  const read = async () => {
    for await (const record of followAuditLog(directory, { follow: false, last: 1 })) expect(record).toBeUndefined();
  };
  await expect(read()).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY', file: directory });
  const segment = join(directory, `audit-a-${'0'.repeat(20)}.jsonl`);
  await mkdir(segment);
  await expect(read()).rejects.toMatchObject({ code: 'ERR_AUDIT_DIRECTORY', file: segment });
});
