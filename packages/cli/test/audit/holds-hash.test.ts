import type { AuditRecord } from '@sallyport/core';
import { expect, it } from 'vitest';
import { holdsHash } from '../../src/audit/holds-hash.ts';
import { allowed, auditDirectory, auditRecord, outcome } from '../support/audit-log.ts';
import { run } from '../support/run.ts';

const hash = `hmac-sha256:k1:${'A'.repeat(43)}`;
const id = '4f9c1e07-6a18-4073-9717-8e372f464d7c';

function record(fields: object): AuditRecord {
  return auditRecord({ seq: 0, ...fields }) as unknown as AuditRecord;
}

it('finds a hash wherever it stands for a value of a call, also at the end of a shortened text', () => {
  for (const fields of [
    { arguments: { rows: [{ id: hash }] } },
    { arguments: { text: `beginning… (2000 characters, ${hash})` } },
    { result: { content: [{ text: hash }] } },
    { actor: { iss: 'x', sub: hash, act: [] } },
    { token: { jti: hash, scopes: [] } },
    { revocation: { jti: hash } },
  ]) {
    expect(holdsHash(record(fields), hash)).toBe(true);
    expect(holdsHash(record(fields), hash.replace('k1', 'k2'))).toBe(false);
  }
});

it('does not find who looked for it', () => {
  expect(holdsHash(record({ type: 'audit.read', detail: { filter: { hash } } }), hash)).toBe(false);
});

it('selects calls by it with --hash', async () => {
  const directory = await auditDirectory([
    { ...allowed(id, 'alice', 'transfer'), arguments: { iban: hash } },
    outcome(id),
    allowed('9c74c306-0ccf-40f9-a6bf-9e3ccbde7256', 'bob', 'transfer'),
  ]);
  const { stdout, code } = await run(['audit', 'show', directory, '--hash', hash, '--json']);
  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as AuditRecord).type),
  ).toEqual(['mcp.decision', 'mcp.outcome']);
  const wrong = await run(['audit', 'show', directory, '--hash', 'hmac-sha256:k1:x']);
  expect([wrong.code, wrong.stderr.includes('Expected a keyed hash')]).toEqual([2, true]);
});
