import type { Attributes } from '@opentelemetry/api';
import type { CallEnd, CallStart } from '@sallyport/core';
import { callFailure } from '../conventions/call-failure.ts';
import type { Conventions } from '../conventions/conventions.ts';
import { knownMethod, other } from '../conventions/known-methods.ts';
import { knownVersion } from '../conventions/known-version.ts';
import { boundedValues } from './bounded-values.ts';
import { withMeter, type FindMeter } from './find-meter.ts';

/** Tools, and prompts, of one server that have a series of their own. The card declares them; more than these are one. */
const maxTargets = 256;
/** JSON-RPC error codes that have a series of their own. A server uses few; more than these are one. */
const maxCodes = 64;

/** As the conventions give them, in seconds. */
const boundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

export interface OperationMetrics {
  /** A call is over. */
  ended(start: CallStart, end: CallEnd): void;
}

/**
 * `mcp.server.operation.duration` (histogram, seconds), of every request and notification whose method was read: from its arrival until
 * its answer may be sent, of a stream until its end. With the attributes of the MCP semantic conventions.
 *
 * No caller can make series: methods, versions and error codes are those that are known, tools and prompts those that the card declares,
 * and everything else is `_OTHER`. The opt-in attribute `mcp.resource.uri` is not there, for URIs are without number.
 */
export function operationMetrics(find: FindMeter, conventions: Conventions): OperationMetrics {
  const toolOf = boundedValues(maxTargets);
  const promptOf = boundedValues(maxTargets);
  const codeOf = boundedValues(maxCodes);
  const duration = withMeter(find, (meter) =>
    meter.createHistogram('mcp.server.operation.duration', {
      description:
        'MCP request or notification duration, from the time it was received until the result or ack is sent.',
      unit: 's',
      advice: { explicitBucketBoundaries: boundaries },
    }),
  );

  function target({ call, targetDeclared }: CallStart): Attributes {
    if (call.target?.kind === 'tool') return { 'gen_ai.tool.name': targetDeclared ? toolOf(call.target.name) : other };
    if (call.target?.kind !== 'prompt') return {};
    return { 'gen_ai.prompt.name': targetDeclared ? promptOf(call.target.name) : other };
  }

  return {
    ended(start, end) {
      const histogram = duration();
      if (histogram === undefined) return;
      const { call, source } = start;
      const version = knownVersion(call.protocolVersion);
      const failure = callFailure(end, conventions);
      const rpcStatus = failure.rpcStatus === undefined ? undefined : codeOf(failure.rpcStatus);
      const errorType = failure.errorType === failure.rpcStatus ? rpcStatus : failure.errorType;
      histogram.record(end.durationMs / 1000, {
        'mcp.method.name': knownMethod(call.method),
        ...target(start),
        ...(call.method === 'tools/call' && { 'gen_ai.operation.name': 'execute_tool' }),
        ...(version !== undefined && { 'mcp.protocol.version': version }),
        ...(errorType !== undefined && { 'error.type': errorType }),
        ...(rpcStatus !== undefined && { 'rpc.response.status_code': rpcStatus }),
        'network.transport': 'tcp',
        'network.protocol.name': 'http',
        ...(source.httpVersion !== undefined && { 'network.protocol.version': source.httpVersion }),
      });
    },
  };
}
