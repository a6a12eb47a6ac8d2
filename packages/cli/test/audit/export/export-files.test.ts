import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ExportFile } from '../../../src/audit/export/export-files.ts';
import {
  auditDirectory,
  calls,
  closedStory,
  denied,
  signSegment,
  temporaryDirectory,
} from '../../support/audit-log.ts';
import { builtCommand } from '../../support/built-command.ts';
import { run } from '../../support/run.ts';

const all = 'jsonl,csv,ocsf,ecs,cef';

describe('an export that fails leaves no file', () => {
  it('when there is no proof, for want of a checkpoint', async () => {
    const [directory, folder] = [await auditDirectory(closedStory), await temporaryDirectory()];
    const [out, proof] = [join(folder, 'out'), join(folder, 'proof.json')];
    const { code } = await run(['audit', 'export', directory, '--format', all, '--out', out, '--with-proof', proof]);
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('when the file for the proof exists, which stays as it is', async () => {
    const [directory, folder] = [await auditDirectory(closedStory), await temporaryDirectory()];
    await signSegment(directory);
    const [out, proof] = [join(folder, 'out'), join(folder, 'proof.json')];
    await writeFile(proof, 'mine');
    const args = ['audit', 'export', directory, '--format', all, '--out', out, '--with-proof', proof];
    const { code, stderr } = await run(args);
    expect([code, stderr.includes('proof.json: the file can not be written (it exists already)')]).toEqual([2, true]);
    expect(await readdir(folder)).toEqual(['proof.json']);
    expect(await readFile(proof, 'utf8')).toBe('mine');
  });

  it.each(['audit.csv', 'audit.cef'])('when %s exists, which stays as it is', async (name) => {
    const [directory, out] = [await auditDirectory(closedStory), await temporaryDirectory()];
    await writeFile(join(out, name), 'mine');
    expect((await run(['audit', 'export', directory, '--format', all, '--out', out])).code).toBe(2);
    expect(await readdir(out)).toEqual([name]);
    expect(await readFile(join(out, name), 'utf8')).toBe('mine');
  });

  it('when there is no log', async () => {
    const [directory, folder] = [await temporaryDirectory(), await temporaryDirectory()];
    const args = ['audit', 'export', directory, '--format', all, '--out', join(folder, 'out')];
    expect((await run(args)).code).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it.runIf(process.platform !== 'win32')('when there is no room for all of it', async () => {
    const records = Array.from({ length: 2000 }, () => denied(calls.write, 'alice', 'write-note'));
    const [directory, folder] = [await auditDirectory(records), await temporaryDirectory()];
    await mkdir(join(folder, 'out'));
    const args = [builtCommand, 'audit', 'export', directory, '--format', all, '--out', join(folder, 'out')];
    // A limit on the size of files fails as a full disk does.
    const limited = promisify(execFile)('sh', ['-c', 'ulimit -f 64; exec "$@"', 'sh', process.execPath, ...args]);
    await expect(limited).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('ERR_CLI_USAGE') as string,
    });
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });
});

it('nothing to prove is no proof', async () => {
  const [directory, folder] = [await auditDirectory(closedStory), await temporaryDirectory()];
  const args = ['audit', 'export', directory, '--format', 'csv', '--out', join(folder, 'out')];
  const ran = await run([...args, '--with-proof', join(folder, 'proof.json'), '--subject', 'nobody']);
  expect([ran.code, await readdir(folder)]).toEqual([0, ['out']]);
});

describe('a new file', () => {
  it('has its name when it is whole, and is for its owner alone', async () => {
    const path = join(await temporaryDirectory(), 'audit.csv');
    const file = await ExportFile.create(path);
    await file.write('a,b\r\n');
    const written = await file.finish();
    await expect(stat(path)).rejects.toThrow('ENOENT');
    await file.publish();
    expect([written.bytes, (await stat(path)).mode & 0o777]).toEqual([5, 0o600]);
    expect(await readdir(join(path, '..'))).toEqual(['audit.csv']);
  });

  it('never replaces one that was made meanwhile', async () => {
    const path = join(await temporaryDirectory(), 'audit.csv');
    const file = await ExportFile.create(path);
    await file.finish();
    await writeFile(path, 'mine');
    await expect(file.publish()).rejects.toThrow('EEXIST');
    await file.discard();
    expect(await readdir(join(path, '..'))).toEqual(['audit.csv']);
    expect(await readFile(path, 'utf8')).toBe('mine');
  });
});

it.each(['jsonl', 'csv', 'ocsf', 'ecs', 'cef'])('%s holds nothing that a terminal acts on', async (format) => {
  const evil = '=\u001b]0;x\u0007\u009b2J\u202eevil\u2028\r\n\u0000\u200b\r';
  const directory = await auditDirectory([
    { ...denied(calls.write, evil, evil), source: { ip: evil, userAgent: evil }, detail: { [evil]: evil } },
  ]);
  const { code, stdout } = await run(['audit', 'export', directory, '--format', format, '-q']);
  expect([code, stdout.includes('evil')]).toEqual([0, true]);
  expect(stdout.replaceAll(/\r\n|[\n\t]/g, '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
});
