import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readAuditLog } from '@sallyport/audit';
import { describe, expect, it } from 'vitest';
import { runSallyport } from '../../../src/index.ts';
import {
  actor,
  auditDirectory,
  calls,
  signSegment,
  story,
  temporaryDirectory,
  writeLogConfig,
  writeSegment,
} from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

const ask = (directory: string, sql: string, ...more: readonly string[]) =>
  run(['audit', 'query', directory, '--sql', sql, ...more]);

async function rows(directory: string, sql: string, ...more: readonly string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await ask(directory, sql, '--json', ...more);
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('audit query --sql', () => {
  it('answers from records and from calls, as a table', async () => {
    const directory = await auditDirectory(story);
    const sql =
      'SELECT tool, count(*) AS n, max(duration_ms) AS slowest FROM calls WHERE subject = $$alice$$ GROUP BY ALL ORDER BY tool';
    const { code, stdout, stderr } = await ask(directory, sql);
    expect([code, stdout]).toEqual([0, 'tool         n  slowest\npurge-notes  1  3.14\nread-note    2  3.14\n']);
    expect(stderr).toBe('2 rows from 8 of 8 records\n');
  });

  it('takes the statement from stdin with -', async () => {
    const directory = await auditDirectory(story);
    let written = '';
    const stdout = { write: (text: string) => ((written += text), true), once: () => undefined };
    const stdin = Readable.from([
      'SELECT count(*) AS n\n',
      'FROM records -- all\n',
    ]) as unknown as NodeJS.ReadableStream & {
      setEncoding?: unknown;
    };
    const io = { stdout, stderr: stdout, stdin, env: {}, now: Date.now };
    expect(await runSallyport(['audit', 'query', directory, '--sql', '-', '--json'], io)).toBe(0);
    expect(written).toBe('{"n":8}\n');
  });

  it('has every column with its type', async () => {
    const directory = await auditDirectory(story);
    const described = await rows(directory, 'DESCRIBE records');
    expect(described.map(({ column_name: name, column_type: type }) => `${String(name)} ${String(type)}`))
      .toMatchInlineSnapshot(`
      [
        "id VARCHAR",
        "type VARCHAR",
        "time TIMESTAMP",
        "stream VARCHAR",
        "seq BIGINT",
        "call VARCHAR",
        "issuer VARCHAR",
        "subject VARCHAR",
        "client_id VARCHAR",
        "tenant VARCHAR",
        "method VARCHAR",
        "tool VARCHAR",
        "target_kind VARCHAR",
        "target VARCHAR",
        "effect VARCHAR",
        "enforced BOOLEAN",
        "reason VARCHAR",
        "rule VARCHAR",
        "policy VARCHAR",
        "scopes VARCHAR[]",
        "required_scopes VARCHAR[]",
        "missing_scopes VARCHAR[]",
        "outcome VARCHAR",
        "http_status INTEGER",
        "duration_ms DOUBLE",
        "bytes BIGINT",
        "ip VARCHAR",
        "user_agent VARCHAR",
        "trace_id VARCHAR",
        "count BIGINT",
      ]
    `);
  });

  it('joins a decision with its end in calls', async () => {
    const directory = await auditDirectory(story);
    expect(await rows(directory, 'SELECT seq, outcome, http_status, bytes FROM calls ORDER BY seq')).toEqual([
      { seq: 1, outcome: 'ok', http_status: 200, bytes: 180 },
      { seq: 3, outcome: null, http_status: 403, bytes: null },
      { seq: 4, outcome: null, http_status: 401, bytes: null },
      { seq: 5, outcome: 'tool_error', http_status: 200, bytes: 180 },
      { seq: 7, outcome: null, http_status: null, bytes: null },
    ]);
  });

  it('has the whole record for a statement that names it', async () => {
    const directory = await auditDirectory(story);
    const sql = `SELECT record->>'$.arguments.id' AS id FROM records WHERE call = '${calls.read}' AND type = 'mcp.decision'`;
    expect(await rows(directory, sql)).toEqual([{ id: 'hmac-sha256:k1:AAAA' }]);
    expect((await rows(directory, 'SELECT * FROM records LIMIT 1'))[0]).not.toHaveProperty('record');
  });

  it('works on what the filters select', async () => {
    const directory = await auditDirectory(story);
    const sql = 'SELECT DISTINCT subject FROM records';
    expect(await rows(directory, sql, '--decision', 'deny', '--type', 'mcp.*')).toEqual([{ subject: 'bob' }]);
  });

  it('shows values exactly', async () => {
    const directory = await auditDirectory(story);
    const sql = `SELECT 9007199254740993 AS big, 42::BIGINT AS small, 1.10::DECIMAL(5,2) AS price, 'nan'::DOUBLE AS nan,
      TIMESTAMP '2026-11-20 21:00:00.000001' AS micro, TIMESTAMP '1969-12-31 23:59:59.999999' AS before, 'infinity'::TIMESTAMP AS never,
      DATE '2026-11-20' AS day, INTERVAL 90 MINUTE AS span, ['a', NULL] AS list, {'a b': 1, b: [2]} AS struct,
      MAP {'k': 1} AS map, '\\xAA'::BLOB AS blob, true AS yes, NULL AS nothing, 1 AS one, 2 AS one`;
    const [row] = await rows(directory, sql);
    expect(JSON.stringify(row)).toMatchInlineSnapshot(
      `"{"big":"9007199254740993","small":42,"price":"1.10","nan":"NaN","micro":"2026-11-20T21:00:00.000001Z","before":"1969-12-31T23:59:59.999999Z","never":"infinity","day":"2026-11-20","span":"01:30:00","list":["a",null],"struct":{"a b":1,"b":[2]},"map":[{"key":"k","value":1}],"blob":"0xaa","yes":true,"nothing":null,"one":1,"one:1":2}"`,
    );
  });

  it('escapes what a terminal would act on', async () => {
    const directory = await auditDirectory([{ type: 'mcp.decision', actor: actor('al\u001b[31mice\u202e') }]);
    const { stdout } = await ask(directory, 'SELECT subject, chr(27) AS "\u001b[2J" FROM records');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('al\\u{1b}[31mice\\u{202e}');
  });

  it('keeps every text as it is, or says that it is cut', async () => {
    const texts = [
      '',
      ' ',
      '"',
      '""',
      "'",
      ',',
      '\\',
      '\\N',
      'NULL',
      'a\nb',
      'a\r\nb',
      '\u001d',
      '\u001f\u001e',
      'ü\u{1f600}',
      '#',
      ' x ',
      '\t',
    ];
    const records = texts.map((sub) => ({
      type: 'mcp.decision',
      actor: actor(sub),
      token: { exp: 1, scopes: [sub, 'b'] },
    }));
    const directory = await auditDirectory(records);
    const found = await rows(directory, 'SELECT subject, scopes FROM records ORDER BY seq');
    expect(found.map(({ subject }) => subject)).toEqual(texts);
    expect(found.map(({ scopes }) => scopes)).toEqual(texts.map((text) => [text.replaceAll('\u001e', ' '), 'b']));
    const long = await auditDirectory([{ type: 'mcp.decision', actor: actor('x'.repeat(20_000)) }]);
    const [{ n } = {}] = await rows(long, 'SELECT len(subject) AS n FROM records');
    expect(n).toBe(16_385);
  });

  it('tells a list that is empty from one that is not there', async () => {
    const scopes = (list: readonly string[]) => ({ type: 'mcp.decision', token: { exp: 1, scopes: list } });
    const directory = await auditDirectory([scopes([]), scopes(['']), { type: 'mcp.decision' }]);
    expect(await rows(directory, 'SELECT scopes FROM records ORDER BY seq')).toEqual([
      { scopes: [] },
      { scopes: [''] },
      { scopes: null },
    ]);
  });

  it('takes what is of another type than it should be for nothing', async () => {
    const odd = {
      type: 'mcp.outcome',
      at: 'soon',
      actor: ['alice'],
      outcome: { httpStatus: 1e300, bytes: 'many', durationMs: '3' },
    };
    const directory = await auditDirectory([odd]);
    const sql = 'SELECT time, subject, http_status, bytes, duration_ms FROM records';
    expect(await rows(directory, sql)).toEqual([
      { time: null, subject: null, http_status: null, bytes: null, duration_ms: null },
    ]);
  });

  it('says of more rows than it shows that there are more', async () => {
    const directory = await auditDirectory(story);
    const limited = await ask(directory, 'SELECT * FROM range(10)', '--limit', '3', '--json');
    expect(limited.stdout.split('\n')).toHaveLength(4);
    expect([limited.code, limited.stderr]).toEqual([0, '']);
    const { code, stderr, stdout } = await ask(directory, 'SELECT * FROM range(100001)');
    expect([code, stdout.split('\n').length]).toEqual([1, 100_002]);
    expect(stderr).toContain('more rows are not shown');
  });

  it('shows all rows with --json', async () => {
    const directory = await auditDirectory(story);
    const { code, stderr, stdout } = await ask(directory, 'SELECT * FROM range(100001)', '--json');
    expect([code, stderr, stdout.split('\n').length]).toEqual([0, '', 100_002]);
  });

  it('says when a table is too large to be held, also with --limit', async () => {
    const directory = await auditDirectory(story);
    const sql = "SELECT repeat('x', 8000000) AS x FROM range(12)";
    const { code, stderr, stdout } = await ask(directory, sql, '--limit', '11');
    expect([code, stdout.split('\n').length]).toEqual([1, 11]);
    expect(stderr).toContain('more rows are not shown: a table holds 64 MiB; use --json');
    const json = await ask(directory, sql, '--limit', '11', '--json');
    expect([json.code, json.stderr, json.stdout.split('\n').length]).toEqual([0, '', 12]);
  }, 60_000);

  it('keeps line separators inside of a value', async () => {
    const directory = await auditDirectory(story);
    const [row] = await rows(directory, 'SELECT chr(8232) || chr(10) || chr(13) || chr(8233) AS x');
    expect(row).toEqual({ x: '\u2028\n\r\u2029' });
  });
});

describe('a statement that is more than a question', () => {
  it.each([
    ['a file', "SELECT * FROM read_text('/etc/passwd')"],
    ['a file by its name', "SELECT * FROM '/etc/passwd.csv'"],
    ['a file as CSV', "SELECT * FROM read_csv('/etc/passwd')"],
    ['a file as JSON', "SELECT * FROM read_json_auto('/etc/passwd')"],
    ['a file as bytes', "SELECT * FROM read_blob('/etc/passwd')"],
    ['a file as Parquet', "SELECT * FROM read_parquet('/etc/passwd')"],
    ['a file in a subquery', "SELECT (SELECT content FROM read_text('/etc/passwd'))"],
    ['a file in a WITH clause', "WITH a AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM a"],
    ['the log itself', "SELECT * FROM read_text('DIRECTORY/*.jsonl')"],
    ['a list of files', "SELECT * FROM glob('DIRECTORY/*')"],
    ['a table by a function', "SELECT * FROM query_table('/etc/passwd')"],
    ['a statement in a function', "SELECT * FROM query('SELECT 1')"],
    ['the network', "SELECT * FROM read_parquet('https://example.com/x.parquet')"],
    ['memory', 'SELECT * FROM arrow_scan(1, 2, 3)'],
    ['logging', "SELECT * FROM enable_logging(storage = 'file', storage_path = 'DIRECTORY/log')"],
    ['another schema', 'SELECT * FROM information_schema.tables'],
    ['a table of the system', 'SELECT * FROM duckdb_settings()'],
    ['a table that is not there', 'SELECT * FROM secrets'],
    ['the environment', "SELECT getenv('HOME')"],
    ['a setting', "SELECT current_setting('memory_limit')"],
    ['the plan of a statement', "SELECT json_serialize_plan('SELECT 1')"],
    ['a statement as JSON', "SELECT json_serialize_sql('SELECT 1')"],
    ['a name in WITH that is a file', 'WITH "/etc/passwd.csv" AS (SELECT 1) SELECT * FROM "/etc/passwd.csv"'],
    ['a name in WITH like one of DuckDB', 'WITH duckdb_settings AS (SELECT 1) SELECT * FROM duckdb_settings'],
    ['a name in WITH like one of SQLite', 'WITH sqlite_master AS (SELECT 1) SELECT * FROM sqlite_master'],
    ['COPY TO', "COPY records TO 'DIRECTORY/out.csv'"],
    ['COPY FROM', "COPY records FROM '/etc/passwd'"],
    ['COPY of a question', "COPY (SELECT 1) TO 'DIRECTORY/out.csv'"],
    ['EXPORT', "EXPORT DATABASE 'DIRECTORY/out'"],
    ['ATTACH', "ATTACH 'DIRECTORY/out.db'"],
    ['INSTALL', 'INSTALL httpfs'],
    ['LOAD', "LOAD 'DIRECTORY/x.duckdb_extension'"],
    ['PRAGMA', 'PRAGMA database_list'],
    ['SET', 'SET enable_external_access = true'],
    ['RESET', 'RESET lock_configuration'],
    ['CREATE', 'CREATE TABLE x AS SELECT 1'],
    ['CREATE TEMP', 'CREATE TEMP TABLE x AS SELECT 1'],
    ['INSERT', 'INSERT INTO records SELECT * FROM records'],
    ['UPDATE', "UPDATE records SET subject = 'bob'"],
    ['DELETE', 'DELETE FROM records'],
    ['DROP', 'DROP TABLE records'],
    ['CALL', 'CALL pragma_version()'],
    ['EXPLAIN ANALYZE', 'EXPLAIN ANALYZE SELECT 1'],
    ['CHECKPOINT', 'CHECKPOINT'],
    ['PREPARE', 'PREPARE a AS SELECT 1'],
    ['two statements', 'SELECT 1; SELECT 2'],
    ['a statement behind a comment', "SELECT 1 -- \n; COPY records TO 'DIRECTORY/out.csv'"],
    ['a statement behind another comment', "SELECT 1 /* ' */; DROP TABLE records --'"],
    ['a change inside a question', 'WITH a AS (INSERT INTO records VALUES (1) RETURNING *) SELECT * FROM a'],
    ['nothing but a comment', '-- SELECT 1'],
    ['no SQL', 'show me everything'],
    ['a parameter', 'SELECT $1'],
  ])('%s: is refused, nothing is read and nothing is written', async (_name, statement) => {
    const directory = await auditDirectory(story);
    const before = await snapshot(directory);
    const { code, stdout, stderr } = await ask(directory, statement.replaceAll('DIRECTORY', directory));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('ERR_CLI_SQL');
    expect(stderr).not.toContain('root:x:0');
    expect(await snapshot(directory)).toEqual(before);
    expect(await privateFolders()).toEqual([]);
  });

  it('is refused before the log is read', async () => {
    const { code, stderr } = await ask('/nowhere', 'DROP TABLE records');
    expect([code, stderr]).toEqual([2, expect.stringContaining('ERR_CLI_SQL')]);
  });

  it('is stopped when it takes too long', async () => {
    const directory = await auditDirectory(story);
    const sql = 'SELECT count(*) FROM range(1000000000000)';
    const { code, stdout, stderr } = await ask(directory, sql, '--timeout', '1');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('longer than 1 s');
    expect(await privateFolders()).toEqual([]);
  }, 30_000);

  it('is stopped inside of one function', async () => {
    const directory = await auditDirectory(story);
    const sql = "SELECT levenshtein(repeat('a', 400000), repeat('b', 400000) || subject) FROM calls";
    const { code, stdout, stderr } = await ask(directory, sql, '--timeout', '2');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('longer than 2 s');
    expect(await privateFolders()).toEqual([]);
  }, 30_000);

  it('is stopped when a function takes too much memory', async () => {
    const directory = await auditDirectory(story);
    const sql = 'SELECT list_transform(range(1000000000 + len(subject)), x -> x + 1) AS x FROM calls';
    const { code, stdout, stderr } = await ask(directory, sql);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('ERR_CLI_SQL')]);
    expect(await privateFolders()).toEqual([]);
  }, 60_000);

  it('is stopped when it takes too much memory', async () => {
    const directory = await auditDirectory(story);
    const { code, stderr } = await ask(directory, 'SELECT list(r) FROM range(1000000000) t(r)');
    expect([code, stderr]).toEqual([2, expect.stringContaining('ERR_CLI_SQL')]);
  }, 60_000);
});

describe('a statement on the log of a server', () => {
  it('is recorded there with its text, of a log without subjects only as its digest', async () => {
    for (const pseudonymizeSubjects of [false, true]) {
      const folder = await temporaryDirectory();
      const directory = join(folder, 'audit');
      await mkdir(directory);
      await writeSegment(directory, story);
      await signSegment(directory);
      const config = await writeLogConfig(folder, { pseudonymizeSubjects });
      const sql = "SELECT count(*) AS n FROM calls WHERE subject = 'alice'";
      expect((await run(['audit', 'query', '--config', config, '--sql', sql, '-q'])).code).toBe(0);
      const details: unknown[] = [];
      for await (const item of readAuditLog(directory)) {
        if (item.kind === 'record' && item.record.type === 'audit.read') details.push(item.record.detail);
      }
      const sqlDigest = `sha256:${createHash('sha256').update(sql).digest('hex')}`;
      const filter = pseudonymizeSubjects ? { sqlDigest } : { sql, sqlDigest };
      expect(details).toMatchObject([
        { command: 'audit query', filter, state: 'begun' },
        { command: 'audit query', filter, state: 'ended', rows: 1 },
      ]);
      expect(JSON.stringify(details).includes('alice')).toBe(!pseudonymizeSubjects);
    }
  });
});

/** Names, sizes and contents of a folder. */
async function snapshot(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const { size, mtimeMs, mode } = await stat(path);
      return `${name} ${size} ${mtimeMs} ${mode} ${(await readFile(path)).toString('latin1')}`;
    }),
  );
}

/** Folders of statements that are running, or were forgotten. */
async function privateFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith(`sallyport-sql-${process.pid}-`));
}
