import { wellFormed, type AuditRecord } from '@sallyport/core';
import { flatten, type FlatAttributes } from './flat-attributes.ts';
import { severityOf, type Severity } from './severity.ts';

/** A record in the terms of OpenTelemetry. */
export interface LogFacts extends Severity {
  /** `sallyport.` and the type of the record. */
  readonly eventName: string;
  /** When the record was written, in milliseconds since the epoch. */
  readonly timeMs: number;
  readonly attributes: FlatAttributes;
  /** The span of the call, when it was traced. */
  readonly span?: { readonly traceId: string; readonly spanId: string };
}

/** These members have a place of their own. */
const placed: ReadonlySet<string> = new Set(['v', 'trace']);

/**
 * What a record is in the terms of OpenTelemetry: every member as a flat attribute under `audit.`, and beside it the names of the
 * semantic conventions (MCP and GenAI: status development) for what has one.
 */
export function toLogFacts(record: AuditRecord): LogFacts {
  const attributes: FlatAttributes = {};
  flatten(attributes, 'audit', Object.fromEntries(Object.entries(record).filter(([key]) => !placed.has(key))));
  addConventions(attributes, record);
  const span = spanOf(record);
  return {
    eventName: `sallyport.${wellFormed(record.type)}`,
    timeMs: timeOf(record),
    ...severityOf(record),
    attributes,
    ...(span !== undefined && { span }),
  };
}

/** The clock of a broken record must not break the batch: OTLP has room up to the year 2554. */
function timeOf({ at }: AuditRecord): number {
  const ms = Date.parse(at);
  return ms >= 0 && ms < 18_000_000_000_000 ? ms : 0;
}

function spanOf({ trace }: AuditRecord): LogFacts['span'] {
  const { traceId, spanId } = trace ?? {};
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined;
  if (!/^(?!0{32})[0-9a-f]{32}$/.test(traceId) || !/^(?!0{16})[0-9a-f]{16}$/.test(spanId)) return undefined;
  return { traceId, spanId };
}

function addConventions(attributes: FlatAttributes, record: AuditRecord): void {
  const { actor, source, mcp, target, decision, outcome } = record;
  const set = (name: string, value: unknown): void => {
    if (typeof value === 'string' && value !== '') attributes[name] = wellFormed(value);
  };
  set('mcp.method.name', mcp?.method);
  set('mcp.protocol.version', mcp?.protocolVersion);
  if (mcp?.requestId !== undefined) set('jsonrpc.request.id', String(mcp.requestId));
  if (mcp?.method === 'tools/call') set('gen_ai.operation.name', 'execute_tool');
  if (target?.kind === 'tool') set('gen_ai.tool.name', target.name);
  if (target?.kind === 'prompt') set('gen_ai.prompt.name', target.name);
  if (target?.kind === 'resource') set('mcp.resource.uri', target.name);
  set('enduser.id', actor?.sub);
  set('user.id', actor?.sub);
  set('client.address', source?.ip);
  set('user_agent.original', source?.userAgent);
  set('error.type', errorType(decision, outcome));
  const status = outcome?.httpStatus ?? decision?.httpStatus;
  if (typeof status === 'number' && Number.isSafeInteger(status)) attributes['http.response.status_code'] = status;
}

/** As on the span of the call, as far as the record knows it: a refusal by its reason, a failed outcome by its status. */
function errorType(decision: AuditRecord['decision'], outcome: AuditRecord['outcome']): string | undefined {
  if (decision?.effect === 'deny') return decision.reason ?? '_OTHER';
  if (outcome === undefined || outcome.status === 'ok') return undefined;
  return outcome.status === 'error' ? '_OTHER' : outcome.status;
}
