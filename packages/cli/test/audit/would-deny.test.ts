import { describe, expect, it } from 'vitest';
import {
  allowed,
  auditDirectory,
  calls,
  denied,
  observed,
  outcome,
  writeSegment,
  type RecordFields,
} from '../support/audit-log.ts';
import { run } from '../support/run.ts';

const show = (...args: readonly string[]) => run(['audit', 'show', ...args]);
const id = (index: number): string => `0b5e12ed-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** A tool that no rule covers. */
function undeclared(call: string, sub: string, tool: string): RecordFields {
  const decision = { effect: 'deny', enforced: false, reason: 'tool_not_in_card', rule: 'default', missingScopes: [] };
  return { ...observed(call, sub, tool), decision };
}

const log: readonly RecordFields[] = [
  allowed(calls.read, 'alice', 'read-note'),
  outcome(calls.read),
  observed(id(1), 'bob', 'write-note'),
  outcome(id(1)),
  observed(id(2), 'bob', 'write-note'),
  outcome(id(2), 'tool_error'),
  undeclared(id(3), 'carol', 'export'),
  denied(calls.write, 'dave', 'write-note'),
];

describe('audit show --would-deny', () => {
  it('sums up by rule and caller what enforcing would deny, then lists the calls with how they ended', async () => {
    const { code, stdout, stderr } = await show(await auditDirectory(log), '--would-deny');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'CALLS  WHO    CLIENT     RULE               REASON              MISSING      LAST (UTC)',
      '2      bob    notes-app  tools.write-note   insufficient_scope  notes:write  2026-11-20T21:00:04.000Z',
      '1      carol  notes-app  tools/call export  tool_not_in_card    -            2026-11-20T21:00:06.000Z',
      '',
      'TIME (UTC)           WHO    CLIENT     WHAT                   DECISION    RESULT                                            RULE              CALL',
      '2026-11-20 21:00:02  bob    notes-app  tools/call write-note  would deny  insufficient_scope: notes:write, ok 3 ms          tools.write-note  0b5e12ed',
      '2026-11-20 21:00:04  bob    notes-app  tools/call write-note  would deny  insufficient_scope: notes:write, tool_error 3 ms  tools.write-note  0b5e12ed',
      '2026-11-20 21:00:06  carol  notes-app  tools/call export      would deny  tool_not_in_card, open                            default           0b5e12ed',
    ]);
    expect(stderr).toBe('0 allowed, 0 denied, 3 that enforcing would deny, 1 without an outcome\n');
  });

  it('takes the other filters', async () => {
    const { stdout } = await show(await auditDirectory(log), '--would-deny', '--subject', 'carol');
    expect(stdout).toContain('tools/call export');
    expect(stdout).not.toContain('bob');
  });

  it('prints with --json the records of the calls as they are, then one line for each group', async () => {
    const { stdout } = await show(await auditDirectory(log), '--would-deny', '--json');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ type }) => type)).toEqual([
      'mcp.decision',
      'mcp.outcome',
      'mcp.decision',
      'mcp.outcome',
      'mcp.decision',
      'would_deny',
      'would_deny',
    ]);
    expect(lines[5]).toEqual({
      type: 'would_deny',
      rule: 'tools.write-note',
      reason: 'insufficient_scope',
      issuer: 'https://login.example.com',
      subject: 'bob',
      clientId: 'notes-app',
      missingScopes: ['notes:write'],
      calls: 2,
      last: '2026-11-20T21:00:04.000Z',
    });
  });

  it('says so when enforcing would deny nothing, and exits 0', async () => {
    expect(await show(await auditDirectory(log.slice(0, 2)), '--would-deny')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'enforcing would deny none of these calls (2 records)\n',
    });
  });

  it('puts the streams of several processes into the same groups', async () => {
    const directory = await auditDirectory(log);
    await writeSegment(directory, [observed(id(4), 'bob', 'write-note')], { stream: 'pod-b' });
    expect((await show(directory, '--would-deny')).stdout).toMatch(/^3 {6}bob/m);
  });

  it('keeps its memory bounded when a caller makes up names without end', async () => {
    const many = Array.from({ length: 10_002 }, (_, index) => undeclared(id(index), 'mallory', `tool-${index}`));
    const { stderr } = await show(await auditDirectory(many), '--would-deny', '--last', '1');
    expect(stderr).toContain('2 more calls are in none of these 10000 groups\n');
  });

  it('does not go with --decision or --call', async () => {
    const directory = await auditDirectory(log);
    expect((await show(directory, '--would-deny', '--decision', 'deny')).code).toBe(2);
    expect((await show(directory, '--would-deny', '--call', calls.read)).code).toBe(2);
  });
});

describe('audit show', () => {
  it('tells what enforcing would deny from what was denied, in the table and in full', async () => {
    const directory = await auditDirectory(log);
    const table = (await show(directory)).stdout;
    expect(table).toMatch(/bob .*would deny {2}insufficient_scope: notes:write, ok 3 ms/);
    expect(table).toMatch(/dave .*deny {8}insufficient_scope: notes:write {2}/);
    const detail = (await show(directory, '--call', id(1))).stdout;
    expect(detail).toContain('decision      would deny, not enforced  insufficient_scope\n');
    expect(detail).toContain('outcome      ok');
  });
});
