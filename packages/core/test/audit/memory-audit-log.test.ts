import { describe, expect, test } from 'vitest';
import { createKeyedHash } from '../../src/audit/keyed-hash.ts';
import { createMemoryAuditLog } from '../../src/audit/memory-audit-log.ts';
import { heldClock } from '../support/held-clock.ts';

describe('createMemoryAuditLog', () => {
  test('shows its records in order, without a gap', async () => {
    const log = createMemoryAuditLog({ stream: 'test', clock: heldClock() });
    await log.append({ type: 'request.refused', detail: 'first' });
    await log.append({ type: 'mcp.decision', arguments: { text: 'hello' } });
    expect(log.records.map(({ seq, type, stream }) => [seq, type, stream])).toEqual([
      [0, 'request.refused', 'test'],
      [1, 'mcp.decision', 'test'],
    ]);
    expect(JSON.stringify(log.records)).not.toContain('hello');
    expect(log.status()).toEqual({ writable: true, gap: 0 });
  });

  test('uses another hash key each time unless it is given one', async () => {
    const hash = createKeyedHash(Buffer.alloc(32, 7));
    const logs = [
      createMemoryAuditLog(),
      createMemoryAuditLog(),
      createMemoryAuditLog({ hash }),
      createMemoryAuditLog({ hash }),
    ];
    for (const log of logs) await log.append({ type: 'mcp.decision', arguments: { text: 'hello' } });
    const [first, second, third, fourth] = logs.map((log) => log.records[0]?.arguments);
    expect(first).not.toEqual(second);
    expect(third).toEqual(fourth);
  });

  test('ends with a record that says so and takes no more', async () => {
    const log = createMemoryAuditLog();
    await log.close();
    await log.close();
    expect(log.records.map(({ type }) => type)).toEqual(['audit.stopped']);
    await expect(log.append({ type: 'mcp.decision' })).rejects.toMatchObject({
      reason: 'audit_unavailable',
      status: 503,
    });
    expect(log.status()).toMatchObject({ writable: false, problem: 'the audit log is closed' });
  });

  test('refuses when it is full and drops nothing', async () => {
    const log = createMemoryAuditLog({ maxRecords: 1 });
    await log.append({ type: 'mcp.decision' });
    await expect(log.append({ type: 'mcp.decision' })).rejects.toMatchObject({ reason: 'audit_unavailable' });
    expect(log.status().writable).toBe(false);
    expect(log.records).toHaveLength(1);
  });
});
