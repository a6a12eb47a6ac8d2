import type { AuditRecord } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { callDetail } from '../../src/audit/call-detail.ts';
import { auditRecord, calls, denied } from '../support/audit-log.ts';

const detail = (fields: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> =>
  new Map(callDetail(auditRecord({ seq: 7, ...fields }) as unknown as AuditRecord));

describe('callDetail', () => {
  it('tells everything about a refusal, with what would have been needed', () => {
    expect(Object.fromEntries(detail(denied(calls.write, 'bob', 'write-note')))).toEqual({
      'mcp.decision': '2026-11-20T21:00:07.000Z  pod-a #7',
      decision: 'deny  insufficient_scope  HTTP 403',
      rule: 'tools.write-note  sha256:5a11',
      needs: 'notes:write',
      missing: 'notes:write',
      what: 'tools/call write-note',
      request: 'id 1  protocol 2026-07-28  client software notes/1.0',
      who: 'bob at https://login.example.com',
      client: 'notes-app',
      from: '192.0.2.7  notes/1.0',
      arguments: '{"id":"hmac-sha256:k1:AAAA"}',
      redaction: '{"level":"metadata","bytes":12}',
      record: '01a1fb66-0000-7000-8000-000000000007  boot b0070000-0000-4000-8000-000000000000',
    });
  });

  it('names a delegation chain, a tenant and the token', () => {
    const actor = { iss: 'https://i', sub: 'a', clientId: 'c', tenant: 't', act: [{ sub: 'agent' }], proof: 'jwt' };
    const shown = detail({ actor, token: { jti: 'hmac-sha256:k1:X', exp: 0, scopes: [] } });
    expect(shown.get('on behalf')).toBe('[{"sub":"agent"}]');
    expect(shown.get('tenant')).toBe('t');
    expect(shown.get('token')).toBe('no scopes  until 1970-01-01T00:00:00.000Z  by jwt  jti hmac-sha256:k1:X');
  });

  it('leaves out what is of another type, and does not fail', () => {
    const shown = detail({ actor: 'x', token: 'y', decision: [], mcp: 7, source: null, trace: { traceId: {} } });
    expect([...shown.keys()]).toEqual(['mcp.decision', 'record']);
    expect(detail({ token: { exp: 1e300, scopes: 'all' } }).get('token')).toBe('no scopes');
  });
});
