import {
  isRecordedInClear,
  isTargetRecordedInClear,
  member,
  textAt,
  valueAt,
  type AuditRecord,
  type McpCall,
  type RecordedArguments,
  type Target,
} from '@sallyport/core';
import { notificationPrefix } from '../authorize/method-table.ts';
import type { MissingFact } from '../authorize/missing-fact.ts';
import type { Card } from '../card/card.ts';
import type { RecordedFailure } from './partly-known-call.ts';

/** What is missing so that no call can be made of a record. */
export interface NoCall {
  readonly missing: MissingFact;
}

/** Longest expression that a record quotes in full. */
const maxExpression = 255;

/** A function that makes the call of a decision's record again, for the policy of a card. */
export function createCallReader({
  access,
}: Card): (record: AuditRecord, recorded: RecordedArguments) => McpCall | NoCall {
  // A name that is not recorded as it is can be that of a rule only when there is such a rule.
  const oddNames = new Set(
    (['tools', 'prompts'] as const).filter((kind) => ![...access[kind].keys()].every(isTargetRecordedInClear)),
  );
  return (record, recorded) => {
    const mcp = valueAt(record, 'mcp');
    const method = member(mcp, 'method');
    const era = member(mcp, 'era');
    const protocolVersion = member(mcp, 'protocolVersion');
    if (typeof method !== 'string' || typeof protocolVersion !== 'string' || (era !== 'modern' && era !== 'legacy'))
      return { missing: 'record' };
    const isNotification = member(mcp, 'requestId') === undefined;
    // Of a request with such a method it is certain that there is no rule.
    if (isNotification && !method.startsWith(notificationPrefix) && !isRecordedInClear(method))
      return { missing: 'method' };
    const target = readTarget(record);
    if (target === undefined) return { missing: 'record' };
    if (target === null && method === 'subscriptions/listen') return { missing: 'targets' };
    if (target !== null && !isRecordedInClear(target.name)) {
      const { kind } = target;
      if (kind === 'resource' || (kind !== 'task' && oddNames.has(`${kind}s`))) return { missing: 'target' };
    }
    const takesArguments = method === 'tools/call' || method === 'prompts/get';
    return {
      kind: isNotification ? 'notification' : 'request',
      era,
      protocolVersion,
      id: isNotification ? undefined : 0,
      method,
      target,
      targets: target === null ? [] : [target],
      arguments: takesArguments ? recorded.value : undefined,
      client: undefined,
      message: {},
    };
  };
}

/** `null` when the call has not exactly one. */
function readTarget(record: AuditRecord): Target | null | undefined {
  if (record.target === undefined) return null;
  const kind = member(record.target, 'kind');
  const name = member(record.target, 'name');
  if (typeof name !== 'string') return undefined;
  return kind === 'tool' || kind === 'resource' || kind === 'prompt' || kind === 'task' ? { kind, name } : undefined;
}

/** The condition that did not hold, where the record quotes it in full and it would not hold another time. */
export function readFailure(record: AuditRecord): RecordedFailure | undefined {
  if (textAt(record, 'decision', 'reason') !== 'condition') return undefined;
  const field = textAt(record, 'detail', 'condition', 'field');
  const expression = textAt(record, 'detail', 'condition', 'expression');
  const problem = textAt(record, 'detail', 'condition', 'problem');
  if (expression === undefined || expression.length > maxExpression || !isRecordedInClear(expression)) return undefined;
  // Another policy may leave it more steps.
  if (problem?.includes('too many steps') === true) return undefined;
  return field === 'groups' || field === 'roles' || field === 'when' ? { field, expression } : undefined;
}
