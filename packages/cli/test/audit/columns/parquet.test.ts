import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { describe, expect, it } from 'vitest';
import { actor, auditDirectory, story, temporaryDirectory, type RecordFields } from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

type Row = Record<string, unknown>;

/** What another reader finds in the file, with times as ISO 8601 and whole numbers as numbers. */
async function readBack(file: string): Promise<Row[]> {
  const bytes = await readFile(file);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const rows = await parquetReadObjects({ file: buffer, compressors });
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'bigint' ? Number(value) : (value ?? null);
}

const toParquet = (directory: string, out: string, ...more: readonly string[]) =>
  run(['audit', 'export', directory, '--format', 'parquet', '--out', out, '--json', ...more]);

/** The same columns, from SQL. */
async function asked(directory: string): Promise<Row[]> {
  const { stdout } = await run([
    'audit',
    'query',
    directory,
    '--sql',
    'SELECT * FROM records ORDER BY stream, seq',
    '--json',
  ]);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Row);
}

describe('audit export --format parquet', () => {
  it('writes a file that another reader reads back: every record in its order, every value', async () => {
    const directory = await auditDirectory(story);
    const out = join(await temporaryDirectory(), 'out');
    const { code, stdout } = await toParquet(directory, out);
    expect(code).toBe(0);
    const file = join(out, 'audit.parquet');
    const bytes = await readFile(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(JSON.parse(stdout)).toEqual({
      records: 8,
      of: 8,
      directory: out,
      files: [{ name: 'audit.parquet', bytes: bytes.length, sha256 }],
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(out)).toEqual(['audit.parquet']);
    const rows = await readBack(file);
    expect(rows).toEqual(await asked(directory));
    expect(rows[1]).toMatchObject({
      time: '2026-11-20T21:00:01.000Z',
      subject: 'alice',
      scopes: ['notes:read'],
      enforced: true,
    });
  });

  it('is made together with other formats and a filter, of the same records', async () => {
    const directory = await auditDirectory(story);
    const out = join(await temporaryDirectory(), 'out');
    const args = ['audit', 'export', directory, '--format', 'jsonl,parquet', '--out', out, '--subject', 'alice'];
    expect((await run(args)).code).toBe(0);
    const records = (await readFile(join(out, 'audit.jsonl'), 'utf8')).trimEnd().split('\n');
    const rows = await readBack(join(out, 'audit.parquet'));
    expect(rows.map(({ seq }) => seq)).toEqual(records.map((line) => (JSON.parse(line) as { seq: number }).seq));
  });

  it('has a schema that does not depend on what was selected', async () => {
    const directory = await auditDirectory(story);
    const folder = await temporaryDirectory();
    expect((await toParquet(directory, join(folder, 'all'))).code).toBe(0);
    expect((await toParquet(directory, join(folder, 'none'), '--subject', 'nobody')).code).toBe(0);
    const [all, none] = await Promise.all(
      ['all', 'none'].map(async (name) => {
        const bytes = await readFile(join(folder, name, 'audit.parquet'));
        return parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
      }),
    );
    expect(none?.schema).toEqual(all?.schema);
    expect(Number(none?.num_rows)).toBe(0);
  });

  it('keeps texts of any kind', async () => {
    const folder = await temporaryDirectory();
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 8 }),
        async (texts) => {
          const records = texts.map((sub): RecordFields => ({
            type: 'mcp.decision',
            actor: actor(sub),
            token: { exp: 1, scopes: [sub] },
          }));
          const directory = await auditDirectory(records);
          turn += 1;
          expect((await toParquet(directory, join(folder, String(turn)))).code).toBe(0);
          const rows = await readBack(join(folder, String(turn), 'audit.parquet'));
          const kept = texts.map((text) => text.replaceAll('\u0000', '\ufffd'));
          expect(rows.map(({ subject }) => subject)).toEqual(kept);
          expect(rows.map(({ scopes }) => scopes)).toEqual(kept.map((text) => [text.replaceAll('\u001e', ' ')]));
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);

  it('needs a directory, and does not write over a file', async () => {
    const directory = await auditDirectory(story);
    const toStdout = await run(['audit', 'export', directory, '--format', 'parquet']);
    expect([toStdout.code, toStdout.stdout]).toEqual([2, '']);
    const out = join(await temporaryDirectory(), 'out');
    await toParquet(directory, out);
    const again = await toParquet(directory, out);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('ERR_CLI_USAGE')]);
  });
});
