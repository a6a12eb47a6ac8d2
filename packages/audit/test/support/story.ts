export type RecordFields = Readonly<Record<string, unknown>>;

/** A record of format version 1 with what every record has. */
export function auditRecord(fields: RecordFields & { readonly seq: number }): RecordFields {
  const { seq } = fields;
  return {
    v: 1,
    id: `01a1fb66-0000-7000-8000-${String(seq).padStart(12, '0')}`,
    type: 'mcp.decision',
    at: new Date(Date.parse('2026-11-20T21:00:00.000Z') + seq * 1000).toISOString(),
    monoNs: String(1_000_000_000 + seq * 1_000_000),
    boot: 'b0070000-0000-4000-8000-000000000000',
    stream: 'pod-a',
    ...fields,
  };
}

export function actor(sub: string): RecordFields {
  return { iss: 'https://login.example.com', sub, clientId: 'notes-app', act: [], proof: 'jwt' };
}

/** The decision of an allowed call of a tool. */
export function allowed(call: string, sub: string, tool: string): RecordFields {
  return {
    call,
    actor: actor(sub),
    token: { exp: 1_795_212_000, scopes: ['notes:read'] },
    source: { ip: '192.0.2.7', userAgent: 'notes/1.0' },
    mcp: { method: 'tools/call', requestId: 1, protocolVersion: '2026-07-28', era: 'modern', client: 'notes/1.0' },
    target: { kind: 'tool', name: tool },
    decision: { effect: 'allow', rule: `tools.${tool}`, policy: 'sha256:5a11', requiredScopes: ['notes:read'] },
    arguments: { id: 'hmac-sha256:k1:AAAA' },
    redaction: { level: 'metadata', bytes: 12 },
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' },
  };
}

/** What a refused call of a tool leaves. */
export function denied(call: string, sub: string, tool: string): RecordFields {
  const { token: _token, decision: _decision, trace: _trace, ...rest } = allowed(call, sub, tool);
  return {
    ...rest,
    decision: {
      effect: 'deny',
      reason: 'insufficient_scope',
      rule: `tools.${tool}`,
      policy: 'sha256:5a11',
      requiredScopes: ['notes:write'],
      missingScopes: ['notes:write'],
      httpStatus: 403,
    },
  };
}

/** How an allowed call ended. */
export function outcome(call: string, status = 'ok'): RecordFields {
  return { type: 'mcp.outcome', call, outcome: { status, httpStatus: 200, durationMs: 3.14, bytes: 180 } };
}

export const calls = {
  read: '4f9c1e07-6a18-4073-9717-8e372f464d7c',
  write: '9c74c306-0ccf-40f9-a6bf-9e3ccbde7256',
  anonymous: '3868101d-bcac-4a9a-b339-e666c3f822cc',
  purge: '71d2edfa-6ae0-48c4-a499-29b4cab346f5',
  open: 'c60947d7-f7de-48dc-b06d-f49295801663',
} as const;

/** A small log: a start, an allowed, a refused and an anonymous call, one whose tool failed, and one that has not ended. */
export const story: readonly RecordFields[] = [
  { type: 'audit.started', detail: { mode: 'strict', level: 'metadata' } },
  allowed(calls.read, 'alice', 'read-note'),
  outcome(calls.read),
  denied(calls.write, 'bob', 'write-note'),
  {
    type: 'auth.failure',
    call: calls.anonymous,
    source: { ip: '198.51.100.9' },
    decision: { effect: 'deny', reason: 'no_token', httpStatus: 401 },
  },
  allowed(calls.purge, 'alice', 'purge-notes'),
  outcome(calls.purge, 'tool_error'),
  allowed(calls.open, 'alice', 'read-note'),
];

/** A call of a tool that observe mode let pass although the policy denies it. */
export function observed(call: string, sub: string, tool: string): RecordFields {
  const { decision, ...rest } = denied(call, sub, tool);
  const { httpStatus: _status, ...facts } = decision as RecordFields;
  return { ...rest, decision: { ...facts, enforced: false } };
}

/** `story` and how its open call ended, so that nothing is left to confirm. */
export const closedStory: readonly RecordFields[] = [
  ...story,
  outcome(calls.open),
  { type: 'audit.stopped', detail: { open: 0 } },
];
