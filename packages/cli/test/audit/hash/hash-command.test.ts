import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openAuditLog, readAuditLog } from '@sallyport/audit';
import type { AuditEntry, AuditRecord, JsonObject, Principal } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { auditDirectory, story, temporaryDirectory } from '../../support/audit-log.ts';
import { run } from '../../support/run.ts';

const issuer = 'https://login.example.com';
const iban = 'DE02120300000000202051';
const transfer = ['--tool', 'transfer', '--tenant', 'acme'];

const caller: Principal = Object.freeze({
  issuer,
  subject: 'alice',
  clientId: 'app',
  scopes: ['payments:write'],
  tenant: 'acme',
  groups: [],
  roles: [],
  actors: [],
  proof: 'jwt',
  tokenId: 'token-1',
  sessionId: null,
  issuedAt: null,
  expiresAt: 1_790_000_000,
  acr: null,
  amr: [],
  authTime: null,
});

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Written {
  readonly args?: JsonObject;
  readonly hashKey?: Uint8Array;
  readonly pseudonymizeSubjects?: boolean;
  readonly level?: 'metadata' | 'request' | 'full';
}

/** Writes one decision as a server does, and reads its record. */
async function written(directory: string, options: Written): Promise<AuditRecord> {
  const { args = {}, hashKey, pseudonymizeSubjects = false, level = 'metadata' } = options;
  const log = await openAuditLog({
    directory,
    stream: 'pod-a',
    origin: 'mcp.example.com',
    level,
    pseudonymizeSubjects,
    ...(hashKey && { hashKey }),
    log: silent,
  });
  const entry: AuditEntry = {
    type: 'mcp.decision',
    call: '4f9c1e07-6a18-4073-9717-8e372f464d7c',
    principal: caller,
    mcp: { method: 'tools/call', requestId: 1, era: 'modern', protocolVersion: '2026-07-28' },
    target: { kind: 'tool', name: 'transfer' },
    decision: { effect: 'deny', reason: 'condition', rule: 'tools.transfer' },
    arguments: args,
    sensitive: ['/pin'],
  };
  await log.append(entry);
  await log.close();
  let last: AuditRecord | undefined;
  for await (const item of readAuditLog(directory)) {
    if (item.kind === 'record' && item.record.type === 'mcp.decision') last = item.record;
  }
  if (last === undefined) throw new Error('nothing was written');
  return last;
}

async function hashOf(args: readonly string[], stdin: string): Promise<string> {
  const { code, stdout, stderr } = await run(['audit', 'hash', ...args, '--value-stdin', '--quiet'], { stdin });
  expect([code, stderr]).toEqual([0, '']);
  const [hash = '', stream, ...more] = stdout.trim().split(/\s+/);
  expect([stream, more]).toEqual(['pod-a', []]);
  return hash;
}

describe('audit hash', () => {
  it('prints the hash that stands in the record for an argument', async () => {
    const directory = await temporaryDirectory();
    const args = { iban, amount: 5, urgent: true, note: null, rows: [{ id: 'a/b' }], 'a/b~c': 'x' };
    const { arguments: recorded } = await written(directory, { args });
    expect(recorded).toEqual({
      iban: await hashOf([directory, ...transfer, '--path', '/iban'], iban),
      amount: await hashOf([directory, ...transfer, '--path', '/amount', '--json-value'], '5.0\n'),
      urgent: await hashOf([directory, ...transfer, '--path', '/urgent', '--json-value'], 'true'),
      note: await hashOf([directory, ...transfer, '--path', '/note', '--json-value'], 'null'),
      rows: [{ id: await hashOf([directory, ...transfer, '--path', '/rows/0/id'], 'a/b\n') }],
      'a/b~c': await hashOf([directory, ...transfer, '--path', '/a~1b~0c'], 'x'),
    });
  });

  it('prints that of a secret that is a list or an object, as a whole', async () => {
    const directory = await temporaryDirectory();
    const { arguments: recorded } = await written(directory, {
      args: { pin: { b: [1, 2], a: 'x' }, password: ['p'] },
      level: 'request',
    });
    expect(recorded).toEqual({
      pin: await hashOf([directory, ...transfer, '--path', '/pin', '--json-value'], '{"a": "x", "b": [1.0, 2]}'),
      password: await hashOf([directory, ...transfer, '--path', '/password', '--json-value'], '["p"]'),
    });
    const inside = await run(['audit', 'hash', directory, ...transfer, '--path', '/password/0', '--value-stdin'], {
      stdin: 'p',
    });
    expect(inside.code).toBe(2);
    expect(inside.stderr).toContain('what stands at /password is recorded as one hash');
  });

  it('keeps a text and a number, tools, places and tenants apart', async () => {
    const directory = await temporaryDirectory();
    await written(directory, {});
    const hashes = [
      await hashOf([directory, ...transfer, '--path', '/amount'], '5'),
      await hashOf([directory, ...transfer, '--path', '/amount', '--json-value'], '5'),
      await hashOf([directory, ...transfer, '--path', '/other'], '5'),
      await hashOf([directory, '--tool', 'transfer', '--path', '/amount'], '5'),
      await hashOf([directory, '--tool', 'refund', '--tenant', 'acme', '--path', '/amount'], '5'),
      await hashOf([directory, '--prompt', 'transfer', '--tenant', 'acme', '--path', '/amount'], '5'),
      await hashOf([directory, ...transfer, '--path', '/amount', '--kind', 'result'], '5'),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('prints those of a pseudonym and of the id of a token', async () => {
    const directory = await temporaryDirectory();
    const { actor, token } = await written(directory, { pseudonymizeSubjects: true });
    const about = ['--issuer', issuer, '--tenant', 'acme'];
    expect(actor?.sub).toBe(await hashOf([directory, '--kind', 'subject', ...about], 'alice'));
    expect(token?.jti).toBe(await hashOf([directory, '--kind', 'token-id', '--issuer', issuer], 'token-1\n'));
  });

  it('prints one for each key the log had, and fails when one of them is not at hand', async () => {
    const directory = await temporaryDirectory();
    const [old, current] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const first = await written(directory, { args: { iban }, hashKey: old });
    const second = await written(directory, { args: { iban }, hashKey: current });
    const [oldFile, currentFile] = [join(directory, '..', 'old.key'), join(directory, '..', 'current.key')];
    for (const [file, key] of [
      [oldFile, old],
      [currentFile, current],
    ] as const) {
      await writeFile(file, `${key.toString('base64')}\n`, { mode: 0o600 });
    }
    try {
      const ask = (...files: readonly string[]): ReturnType<typeof run> =>
        run(
          [
            'audit',
            'hash',
            directory,
            ...transfer,
            '--path',
            '/iban',
            '--value-stdin',
            '--json',
            ...files.flatMap((file) => ['--key-file', file]),
          ],
          { stdin: iban },
        );
      const both = await ask(currentFile, oldFile);
      expect(both.code).toBe(0);
      expect(
        both.stdout
          .trim()
          .split('\n')
          .map((line): unknown => JSON.parse(line)),
      ).toEqual([
        { hash: (first.arguments as JsonObject)['iban'], keyId: 'k1', streams: ['pod-a'] },
        { hash: (second.arguments as JsonObject)['iban'], keyId: 'k2', streams: ['pod-a'] },
      ]);
      const one = await ask(currentFile);
      expect(one.code).toBe(1);
      expect(one.stdout.trim().split('\n')).toHaveLength(1);
      expect(JSON.parse(one.stderr)).toEqual({
        warning: 'the key k1 of pod-a is not here: what was recorded with it can not be found',
      });
      const none = await ask();
      expect([none.code, none.stdout]).toEqual([2, '']);
      expect(JSON.parse(none.stderr)).toMatchObject({ error: { code: 'ERR_AUDIT_KEY' } });
      expect(none.stderr).toContain('no hash key of the log is at hand (k1 of pod-a, k2 of pod-a)');
      await chmod(oldFile, 0o644);
      expect((await ask(oldFile)).stderr).toContain('is accessible to others (mode 0644)');
    } finally {
      for (const file of [oldFile, currentFile]) await rm(file, { force: true });
    }
  });

  it('takes the value from a file or from stdin, and warns when it stands in the command', async () => {
    const directory = await temporaryDirectory();
    await written(directory, {});
    const file = join(directory, 'value.txt');
    await writeFile(file, `${iban}\r\n`);
    const at = [directory, ...transfer, '--path', '/iban'];
    const expected = await hashOf(at, iban);
    const fromFile = await run(['audit', 'hash', ...at, '--value-file', file]);
    expect(fromFile.stdout).toBe(`${expected}  pod-a\n`);
    expect(fromFile.stderr).toBe(`next: sallyport audit query ${directory} --hash ${expected}\n`);
    const typed = await run(['audit', 'hash', ...at, '--value', iban]);
    expect(typed.stdout).toBe(fromFile.stdout);
    expect(typed.stderr).toContain('the value stands in the history of the shell');
    expect(typed.stderr).not.toContain(iban);
  });

  it('says what is missing or wrong, and never repeats the value', async () => {
    const directory = await temporaryDirectory();
    await written(directory, {});
    const file = join(directory, 'binary');
    await writeFile(file, Buffer.from([0xff, 0xfe]));
    const at = ['--path', '/iban', '--tool', 'transfer'];
    for (const [args, problem] of [
      [['--path', '/iban', '--value-stdin'], 'it is not said of which tool it is the argument'],
      [['--tool', 'transfer', '--value-stdin'], 'it is not said where in the argument it stood'],
      [['--tool', 'transfer', '--path', 'iban', '--value-stdin'], '--path is no JSON pointer'],
      [['--kind', 'subject', '--value-stdin'], 'it is not said which issuer it is of'],
      [[...at], 'there is not one value'],
      [[...at, '--value-stdin', '--value', 'x'], 'there is not one value'],
      [[...at, '--value-file', join(directory, 'nothing')], 'the file can not be read (ENOENT)'],
      [[...at, '--value-file', file], 'the value is not UTF-8'],
      [[...at, '--value-stdin', '--json-value'], 'the value is not JSON that a server takes'],
      [['--kind', 'subject', '--issuer', issuer, '--value', '5', '--json-value'], 'subjects and ids are texts'],
      [[...at, '--value-stdin', '--key-file', join(directory, 'nothing')], 'there is no such file'],
    ] as const) {
      const { code, stdout, stderr } = await run(['audit', 'hash', directory, ...args], { stdin: 'secret {value' });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(problem);
      expect(stderr).not.toContain('secret');
    }
    const bare = await run(['audit', 'hash', await auditDirectory(story), ...at, '--value-stdin'], { stdin: 'x' });
    expect(bare.stderr).toContain('nothing says which hash keys the log had');
    const nowhere = await run(['audit', 'hash', join(directory, 'nowhere'), ...at, '--value-stdin'], { stdin: 'x' });
    expect([nowhere.code, nowhere.stderr.includes('ERR_AUDIT_DIRECTORY')]).toEqual([2, true]);
  });

  it('is recorded in the log that the config names, without the value and its hash', async () => {
    const folder = await temporaryDirectory();
    const directory = join(folder, 'audit');
    const hashKey = Buffer.alloc(32, 3);
    await written(directory, { args: { iban }, hashKey });
    const config = join(folder, 'sallyport.config.json');
    const content = {
      resource: 'https://mcp.example.com/mcp',
      issuers: [{ issuer }],
      card: './card.json',
      audit: { directory: './audit', stream: 'pod-a', hashKey: hashKey.toString('base64') },
    };
    await writeFile(config, JSON.stringify(content));
    const asked = await run(['audit', 'hash', '--config', config, ...transfer, '--path', '/iban', '--value-stdin'], {
      stdin: iban,
    });
    expect(asked.code).toBe(0);
    const details: unknown[] = [];
    let text = '';
    for await (const item of readAuditLog(directory)) {
      if (item.kind !== 'record' || item.record.type !== 'audit.read') continue;
      details.push(item.record.detail);
      text += JSON.stringify(item.record);
    }
    const facts = {
      command: 'audit hash',
      filter: { kind: 'argument', tool: 'transfer', path: '/iban', tenant: 'acme' },
    };
    expect(details).toMatchObject([
      { ...facts, state: 'begun' },
      { ...facts, state: 'ended', keys: ['k1'] },
    ]);
    expect(text).not.toContain(iban);
    expect(text).not.toContain(asked.stdout.split(' ', 1)[0]);
  });
});
