import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal, SetupError, silentLogger, type RevocableToken, type Revocation } from '@sallyport/core';
import { appendRevocation } from '../../src/revocation/append-revocation.ts';
import { openRevocationFile } from '../../src/revocation/open-revocation-file.ts';
import type { RevocationFile } from '../../src/revocation/revocation-file.ts';
import type { WatchedFile } from '../../src/revocation/watched-file.ts';
import { formatRevocation } from '../../src/revocation/revocation-line.ts';
import { FakeClock } from '../support/fake-clock.ts';

const issuer = 'https://as.example';
const hour = 3_600_000;

let folder: string;
let path: string;
let clock: FakeClock;
let opened: RevocationFile[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'revocations-'));
  path = join(folder, 'revocations.jsonl');
  clock = new FakeClock();
  opened = [];
});

afterEach(() => {
  for (const file of opened) file.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(onRevoked?: (entry: Revocation) => void): Promise<WatchedFile> {
  const file = (await openRevocationFile({ path, clock, ...(onRevoked && { onRevoked }) })) as WatchedFile;
  // The test says when the file is looked at.
  file.close();
  opened.push(file);
  return file;
}

function token(tokenId: string): RevocableToken {
  return { issuer, subject: 'alice', tokenId, sessionId: null, issuedAt: 1 };
}

function entry(tokenId: string): Revocation {
  return { kind: 'token', issuer, tokenId };
}

function lineFor(tokenId: string, forMs = hour): string {
  return formatRevocation({ id: `id-${tokenId}`, entry: entry(tokenId), untilMs: clock.now() + forMs }, clock.now());
}

function isDown(file: RevocationFile): boolean {
  try {
    file.isRevoked(token('any'));
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ reason: 'store_down', status: 503 });
    return true;
  }
}

describe('opening a revocation file', () => {
  it('makes one that only its owner may read when there is none', async () => {
    const file = await start();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(file.status()).toEqual({ ok: true });
    expect(file.isRevoked(token('a'))).toBe(false);
  });

  it('honours what is in it: revocations outlive the process', async () => {
    const first = await start();
    await first.revoke(entry('a'), clock.now() + hour);
    const second = await start();
    expect(second.isRevoked(token('a'))).toBe(true);
    expect(second.isRevoked(token('b'))).toBe(false);
  });

  it('leaves out what has ended, and empty lines', async () => {
    writeFileSync(path, `\n${lineFor('a', 1_000)}\n`);
    clock.advance(1_000);
    const file = await start();
    expect(file.isRevoked(token('a'))).toBe(false);
  });

  it.each<[string, () => void, string]>([
    [
      'has a line that is not understood',
      () => writeFileSync(path, `${lineFor('a')}oops\n`),
      'line 2: the line is not JSON',
    ],
    ['has a line that was not written whole', () => writeFileSync(path, lineFor('a').slice(0, -1)), 'no line break'],
    ['others may write to', () => (writeFileSync(path, ''), chmodSync(path, 0o666)), 'group or others may write'],
    [
      'is a symbolic link',
      () => (writeFileSync(`${path}.real`, '', { mode: 0o600 }), symlinkSync(`${path}.real`, path)),
      'is a symbolic link',
    ],
    [
      'is a symbolic link to nothing, which it does not make',
      () => symlinkSync(`${path}.none`, path),
      'is a symbolic link',
    ],
    ['is in a folder that anybody may write to', () => chmodSync(folder, 0o777), 'a folder that anybody may write to'],
    ['is in a folder that is not there', () => (path = join(folder, 'none', 'x.jsonl')), 'ENOENT'],
    ['is a folder', () => (path = folder), 'EISDIR'],
  ])('is an error for one that %s', async (_name, prepare, problem) => {
    prepare();
    const error = await openRevocationFile({ path, clock }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SetupError);
    expect(error).toMatchObject({ code: 'ERR_REVOCATION_FILE', file: path });
    expect((error as Error).message).toContain(problem);
    expect((error as Error).message.split('\n')[0]).toContain(problem);
  });

  it('is no error in a folder where only owners may replace their files', async () => {
    chmodSync(folder, 0o1777);
    expect((await start()).status()).toEqual({ ok: true });
  });

  it('is an error when it has more entries than are held', async () => {
    writeFileSync(path, lineFor('a') + lineFor('b'));
    await expect(openRevocationFile({ path, clock, maxEntries: 1 })).rejects.toThrow(/full/);
  });

  it('is no error when most of its entries have ended', async () => {
    writeFileSync(path, lineFor('a', 1_000) + lineFor('b', 1_000) + lineFor('c'));
    clock.advance(1_000);
    const file = await openRevocationFile({ path, clock, maxEntries: 1 });
    opened.push(file);
    expect(file.isRevoked(token('c'))).toBe(true);
  });

  it('warns once of a file that is nearly too large, and again after it was made smaller', async () => {
    const line = lineFor('a');
    const warned: object[] = [];
    const log = { ...silentLogger, warn: (fields: object) => void warned.push(fields) };
    writeFileSync(path, line.repeat(2));
    const maxFileBytes = line.length * 4;
    const file = (await openRevocationFile({ path, clock, log, maxFileBytes })) as WatchedFile;
    file.close();
    expect(warned).toEqual([]);
    appendFileSync(path, line);
    await file.refresh();
    appendFileSync(path, '\n');
    await file.refresh();
    expect(warned).toEqual([
      { event: 'sallyport.revocation.file_large', file: path, size: line.length * 3, maxFileBytes },
    ]);
    truncateSync(path, line.length);
    await file.refresh();
    appendFileSync(path, line.repeat(2));
    await file.refresh();
    expect(warned).toHaveLength(2);
    appendFileSync(path, line.repeat(2));
    await file.refresh();
    expect(file.status().problem).toContain(`larger than ${maxFileBytes} bytes`);
  });
});

describe('a watched revocation file', () => {
  it('honours what another process appends, and tells of it', async () => {
    const told: Revocation[] = [];
    const file = await start((one) => told.push(one));
    await appendRevocation(path, { id: 'x', entry: entry('a'), untilMs: clock.now() + hour }, clock.now());
    expect(file.isRevoked(token('a'))).toBe(false);
    await file.refresh();
    expect(file.isRevoked(token('a'))).toBe(true);
    expect(told).toEqual([entry('a')]);
  });

  it('is looked at without anybody asking', async () => {
    const file = await openRevocationFile({ path });
    opened.push(file);
    appendFileSync(path, formatRevocation({ id: 'x', entry: entry('a'), untilMs: Date.now() + hour }, Date.now()));
    await expect.poll(() => file.isRevoked(token('a')), { interval: 20, timeout: 10_000 }).toBe(true);
  });

  it('honours its own entries at once, writes them down, and does not tell of them', async () => {
    const told: Revocation[] = [];
    const file = await start((one) => told.push(one));
    const written = file.revoke(entry('a'), clock.now() + hour);
    expect(file.isRevoked(token('a'))).toBe(true);
    await written;
    expect(readFileSync(path, 'utf8')).toContain('"jti":"a"');
    await file.refresh();
    expect(told).toEqual([]);
  });

  it('does not tell of what was in it at the start, nor twice when the file is replaced by one without ended lines', async () => {
    writeFileSync(path, lineFor('old', 1_000) + lineFor('a'));
    const told: Revocation[] = [];
    const file = await start((one) => told.push(one));
    clock.advance(2_000);
    writeFileSync(`${path}.new`, lineFor('a') + lineFor('b'), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    await file.refresh();
    expect(told).toEqual([entry('b')]);
    expect([file.isRevoked(token('a')), file.isRevoked(token('b')), file.isRevoked(token('old'))]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('goes on honouring a line that was taken out', async () => {
    writeFileSync(path, lineFor('a'));
    const file = await start();
    writeFileSync(path, '');
    await file.refresh();
    expect(file.isRevoked(token('a'))).toBe(true);
  });

  it.each<[string, () => string]>([
    ['a line changed in place', () => lineFor('x') + lineFor('b')],
    ['a line changed in place, and one more', () => lineFor('x') + lineFor('b') + lineFor('c')],
    ['a line of another length put before the others', () => lineFor('x'.repeat(9)) + lineFor('a') + lineFor('b')],
    ['a line of the same length put before the others', () => lineFor('x') + lineFor('a') + lineFor('b')],
  ])('honours %s', async (_name, text) => {
    writeFileSync(path, lineFor('a') + lineFor('b'));
    const told: Revocation[] = [];
    const file = await start((one) => told.push(one));
    const { ino } = statSync(path);
    writeFileSync(path, text());
    expect(statSync(path).ino).toBe(ino);
    await file.refresh();
    expect(file.status()).toEqual({ ok: true });
    expect(told[0]).toMatchObject({ tokenId: expect.stringMatching(/^x/) as string });
    for (const one of told) expect(file.isRevoked(token(one.kind === 'token' ? one.tokenId : ''))).toBe(true);
    expect(file.isRevoked(token('a'))).toBe(true);
  });

  it('honours a line changed in place by somebody who set back the time of the change', async () => {
    writeFileSync(path, lineFor('a'));
    utimesSync(path, 1_000, 1_000);
    const file = await start();
    writeFileSync(path, lineFor('x'));
    utimesSync(path, 1_000, 1_000);
    await file.refresh();
    expect(file.isRevoked(token('x'))).toBe(true);
  });

  it('that is full lets nobody in until enough has ended, without a change of the file', async () => {
    writeFileSync(path, lineFor('a', 1_000));
    const told: Revocation[] = [];
    const onRevoked = (one: Revocation): void => void told.push(one);
    const file = (await openRevocationFile({ path, clock, maxEntries: 1, onRevoked })) as WatchedFile;
    file.close();
    appendFileSync(path, lineFor('b'));
    await file.refresh();
    expect(isDown(file)).toBe(true);
    expect(file.status().problem).toContain('full');
    clock.advance(1_000);
    await file.refresh();
    expect(file.status()).toEqual({ ok: true });
    expect(file.isRevoked(token('b'))).toBe(true);
    expect(told).toEqual([entry('b')]);
  });

  it('waits for a line that is being written', async () => {
    const file = await start();
    const text = lineFor('a');
    appendFileSync(path, text.slice(0, 20));
    await file.refresh();
    expect(isDown(file)).toBe(false);
    appendFileSync(path, text.slice(20));
    await file.refresh();
    expect(file.isRevoked(token('a'))).toBe(true);
  });

  it.each<[string, () => void]>([
    ['has a line that is not understood', () => appendFileSync(path, 'oops\n')],
    ['was removed', () => rmSync(path)],
    ['became a symbolic link', () => (renameSync(path, `${path}.old`), symlinkSync(`${path}.old`, path))],
    ['may be written to by others', () => (appendFileSync(path, '\n'), chmodSync(path, 0o622))],
  ])('that %s lets nobody in until it is right again', async (_name, damage) => {
    writeFileSync(path, lineFor('a'));
    const file = await start();
    damage();
    await file.refresh();
    expect(isDown(file)).toBe(true);
    expect(file.status().problem).toEqual(expect.any(String));
    rmSync(path, { force: true });
    writeFileSync(path, lineFor('b'), { mode: 0o600 });
    await file.refresh();
    expect(file.status()).toEqual({ ok: true });
    expect([file.isRevoked(token('a')), file.isRevoked(token('b'))]).toEqual([true, true]);
  });

  it('whose last line stays without a line break lets nobody in', async () => {
    const file = await start();
    appendFileSync(path, lineFor('a').slice(0, 20));
    await file.refresh();
    await file.refresh();
    expect(isDown(file)).toBe(true);
  });

  it('understands the other lines of a file that has a bad one', async () => {
    const file = await start();
    appendFileSync(path, `oops\n${lineFor('a')}`);
    await file.refresh();
    expect(isDown(file)).toBe(true);
    writeFileSync(`${path}.new`, '', { mode: 0o600 });
    renameSync(`${path}.new`, path);
    await file.refresh();
    expect(file.isRevoked(token('a'))).toBe(true);
  });

  it('lets nobody in when it was not looked at for some time', async () => {
    const file = await start();
    clock.advance(4_999);
    expect(isDown(file)).toBe(false);
    clock.advance(1);
    expect(isDown(file)).toBe(true);
    await file.refresh();
    expect(isDown(file)).toBe(false);
  });

  it('says so when an entry can not be written, and honours it here all the same', async () => {
    const file = await start();
    rmSync(path);
    await expect(file.revoke(entry('a'), clock.now() + hour)).rejects.toMatchObject({ code: 'ENOENT' });
    writeFileSync(path, '', { mode: 0o600 });
    await file.refresh();
    expect(file.isRevoked(token('a'))).toBe(true);
  });

  it('keeps every entry when many processes append at the same time', async () => {
    const file = await start();
    const writers = await Promise.all([start(), start(), start()]);
    await Promise.all(
      writers.flatMap((writer, w) =>
        Array.from({ length: 50 }, (_, i) => writer.revoke(entry(`${w}-${i}`), clock.now() + hour)),
      ),
    );
    await file.refresh();
    expect(file.status()).toEqual({ ok: true });
    for (let w = 0; w < 3; w += 1)
      for (let i = 0; i < 50; i += 1) expect(file.isRevoked(token(`${w}-${i}`))).toBe(true);
  });
});

describe('appending to a revocation file', () => {
  it('does not make one', async () => {
    await expect(appendRevocation(path, { id: 'x', entry: entry('a'), untilMs: 1 }, 0)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('follows no symbolic link', async () => {
    writeFileSync(`${path}.real`, '', { mode: 0o600 });
    symlinkSync(`${path}.real`, path);
    await expect(appendRevocation(path, { id: 'x', entry: entry('a'), untilMs: 1 }, 0)).rejects.toMatchObject({
      code: 'ELOOP',
    });
  });

  it('keeps its line apart from one that was cut short', async () => {
    writeFileSync(path, '{"v":1,');
    await appendRevocation(path, { id: 'x', entry: entry('a'), untilMs: clock.now() }, clock.now());
    expect(readFileSync(path, 'utf8').split('\n')).toEqual(['{"v":1,', expect.stringContaining('"jti":"a"'), '']);
  });
});
