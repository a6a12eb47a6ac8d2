import type { AuditRecord } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toLogFacts } from '../../../src/export/otlp/log-facts.ts';

const base = {
  v: 1,
  id: '0192f000-0000-7000-8000-000000000000',
  at: '2026-11-20T21:00:00.123Z',
  monoNs: '1234567890',
  boot: 'b0',
  stream: 'pod-a',
  seq: 42,
} as const;

const decision = {
  ...base,
  type: 'mcp.decision',
  call: 'c1',
  actor: { iss: 'https://idp', sub: 'alice', clientId: null, act: [{ sub: 'bob' }], proof: 'jwt' },
  token: { exp: 1_790_000_000, scopes: ['notes:read', 'notes:write'] },
  source: { ip: '192.0.2.1', userAgent: 'curl/8' },
  mcp: { method: 'tools/call', requestId: 1, protocolVersion: '2026-07-28', era: 'modern' },
  target: { kind: 'tool', name: 'read-note' },
  decision: { effect: 'allow', rule: 'tools.read-note', requiredScopes: ['notes:read'] },
  arguments: { id: { deep: ['hmac-sha256:k1:x'] } },
  redaction: { level: 'metadata', bytes: 12 },
  trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
} as unknown as AuditRecord;

describe('a record in the terms of OpenTelemetry', () => {
  test('has every member as a flat attribute, and beside it the names of the conventions', () => {
    expect(toLogFacts(decision)).toEqual({
      eventName: 'sallyport.mcp.decision',
      timeMs: 1_795_208_400_123,
      severityNumber: 9,
      severityText: 'INFO',
      span: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
      attributes: {
        'audit.id': base.id,
        'audit.type': 'mcp.decision',
        'audit.at': base.at,
        'audit.monoNs': '1234567890',
        'audit.boot': 'b0',
        'audit.stream': 'pod-a',
        'audit.seq': 42,
        'audit.call': 'c1',
        'audit.actor.iss': 'https://idp',
        'audit.actor.sub': 'alice',
        'audit.actor.act': '[{"sub":"bob"}]',
        'audit.actor.proof': 'jwt',
        'audit.token.exp': 1_790_000_000,
        'audit.token.scopes': ['notes:read', 'notes:write'],
        'audit.source.ip': '192.0.2.1',
        'audit.source.userAgent': 'curl/8',
        'audit.mcp.method': 'tools/call',
        'audit.mcp.requestId': '1',
        'audit.mcp.protocolVersion': '2026-07-28',
        'audit.mcp.era': 'modern',
        'audit.target.kind': 'tool',
        'audit.target.name': 'read-note',
        'audit.decision.effect': 'allow',
        'audit.decision.rule': 'tools.read-note',
        'audit.decision.requiredScopes': ['notes:read'],
        'audit.arguments': '{"id":{"deep":["hmac-sha256:k1:x"]}}',
        'audit.redaction.level': 'metadata',
        'audit.redaction.bytes': 12,
        'mcp.method.name': 'tools/call',
        'mcp.protocol.version': '2026-07-28',
        'jsonrpc.request.id': '1',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'read-note',
        'enduser.id': 'alice',
        'user.id': 'alice',
        'client.address': '192.0.2.1',
        'user_agent.original': 'curl/8',
      },
    });
  });

  test.each<[Partial<AuditRecord>, string | undefined, string]>([
    [
      { type: 'mcp.decision', decision: { effect: 'deny', reason: 'insufficient_scope', httpStatus: 403 } },
      'insufficient_scope',
      'WARN',
    ],
    [{ type: 'auth.failure', decision: { effect: 'deny', reason: 'no_token', httpStatus: 401 } }, 'no_token', 'WARN'],
    [{ type: 'mcp.outcome', outcome: { status: 'ok', httpStatus: 200 } }, undefined, 'INFO'],
    [{ type: 'mcp.outcome', outcome: { status: 'tool_error', httpStatus: 200 } }, 'tool_error', 'INFO'],
    [{ type: 'mcp.outcome', outcome: { status: 'error', httpStatus: 200 } }, '_OTHER', 'WARN'],
    [{ type: 'mcp.outcome', outcome: { status: 'aborted' } }, 'aborted', 'WARN'],
    [{ type: 'audit.gap', detail: { count: 3 } }, undefined, 'ERROR'],
    [{ type: 'audit.started' }, undefined, 'INFO'],
  ])('says how it ended: %j', (part, errorType, severity) => {
    const { attributes, severityText } = toLogFacts({ ...base, ...part } as AuditRecord);
    expect(attributes['error.type']).toBe(errorType);
    expect(severityText).toBe(severity);
    const status = part.outcome?.httpStatus ?? part.decision?.httpStatus;
    expect(attributes['http.response.status_code']).toBe(status);
  });

  test('names prompts and resources by their own names', () => {
    const of = (kind: string): object =>
      toLogFacts({ ...base, type: 'mcp.decision', target: { kind, name: 'n' } } as AuditRecord).attributes;
    expect(of('prompt')).toMatchObject({ 'gen_ai.prompt.name': 'n' });
    expect(of('resource')).toMatchObject({ 'mcp.resource.uri': 'n' });
    expect(of('task')).not.toHaveProperty('gen_ai.tool.name');
  });

  test('links no trace that is not one', () => {
    for (const trace of [
      { traceId: '0'.repeat(32), spanId: '1'.repeat(16) },
      { traceId: 'x', spanId: 'y' },
      { traceId: 1 },
      null,
    ])
      expect(toLogFacts({ ...base, type: 'mcp.decision', trace } as unknown as AuditRecord)).not.toHaveProperty('span');
  });

  test('whatever a record holds is flat: texts, numbers that fit, switches, lists of texts', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6 })), (members) => {
        const { attributes } = toLogFacts({ ...members, ...base, type: 'mcp.decision' } as unknown as AuditRecord);
        for (const value of Object.values(attributes)) {
          const items: readonly unknown[] = Array.isArray(value) ? value : [value];
          for (const item of items) expect(['string', 'number', 'boolean']).toContain(typeof item);
          if (typeof value === 'number' && Number.isInteger(value)) expect(Number.isSafeInteger(value)).toBe(true);
          if (typeof value === 'string') expect(value.isWellFormed?.() ?? true).toBe(true);
        }
      }),
    );
  });
});
