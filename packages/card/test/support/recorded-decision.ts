import {
  createKeyedHash,
  createRecordBuilder,
  type AuditEntry,
  type AuditLevel,
  type AuditRecord,
  type Decision,
  type JsonValue,
  type McpCall,
  type Principal,
} from '@sallyport/core';

export interface RecordedDecisionOptions {
  readonly level?: AuditLevel;
  readonly sensitive?: readonly string[];
  readonly pseudonymize?: boolean;
  /** When, in milliseconds since the epoch. */
  readonly atMs?: number;
}

/** The record that a guarded server leaves of a decision, as it is read from the log. */
export function recordedDecision(
  decision: Decision,
  principal: Principal,
  call: McpCall,
  options: RecordedDecisionOptions = {},
): AuditRecord {
  const { level = 'metadata', sensitive = [], pseudonymize = false, atMs = 1_790_000_000_000 } = options;
  const builder = createRecordBuilder({
    stream: 'pod-a',
    hash: createKeyedHash(Buffer.alloc(32, 9)),
    level,
    pseudonymizeSubjects: pseudonymize,
    clock: { now: () => atMs, monotonicNs: () => 1n },
  });
  const { effect, reason, rule, policy, requiredScopes, missingScopes } = decision;
  const detail = detailOf(decision, principal);
  const entry: AuditEntry = {
    type: 'mcp.decision',
    call: '4f9c1e07-6a18-4073-9717-8e372f464d7c',
    principal,
    source: { ip: '192.0.2.7' },
    mcp: {
      method: call.method,
      ...(call.id !== undefined && { requestId: call.id }),
      protocolVersion: call.protocolVersion,
      era: call.era,
    },
    ...(call.target !== null && { target: call.target }),
    decision: { effect, rule, policy, requiredScopes, ...(reason !== undefined && { reason, missingScopes }) },
    ...(call.arguments !== undefined && { arguments: call.arguments }),
    sensitive: [...decision.sensitive, ...sensitive],
    ...(detail !== undefined && { detail }),
  };
  return JSON.parse(JSON.stringify(builder.build(entry, 0))) as AuditRecord;
}

function detailOf({ reason, condition }: Decision, { acr, authTime }: Principal): JsonValue | undefined {
  if (reason === 'step_up_required') return { acr, authTime };
  if (condition === undefined) return undefined;
  const { rule, field, expression, result, problem } = condition;
  return { condition: { rule, field, expression, result, ...(problem !== undefined && { problem }) } };
}
