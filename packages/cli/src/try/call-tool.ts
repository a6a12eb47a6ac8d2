import {
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
  type CallToolResult,
} from '@modelcontextprotocol/client';
import { member, SetupError, type JsonObject, type RefusalCode } from '@sallyport/core';
import { createObservedFetch, type FailedAnswer, type Observed } from './observed-fetch.ts';
import { createReachingFetch, unreachable } from './reaching-fetch.ts';

export interface CallToolOptions {
  readonly endpoint: URL;
  readonly tool: string;
  readonly args: JsonObject;
  /** Absent: the call is made without a token. */
  readonly token: string | undefined;
  /** Milliseconds until an answer must be there. */
  readonly timeoutMs: number;
  /** Version of this command, which the client says of itself. */
  readonly version: string;
}

/** What the server said. */
export type ToolAnswer = Allowed | Refused | Rejected;

export interface Allowed {
  readonly kind: 'allowed';
  readonly result: CallToolResult;
  readonly protocolVersion: string | undefined;
}

/** An error of the server that is no refusal of Sallyport. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly rpcCode: number;
  readonly message: string;
}

export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  /** Absent when the refusal does not come from Sallyport. */
  readonly code: RefusalCode | undefined;
  readonly message: string;
  /** Scopes of the challenge. */
  readonly scopes: readonly string[];
  readonly retryAfter: string | undefined;
}

/**
 * Calls a tool with the MCP SDK's client, in whichever protocol era the server speaks. Never steps its scopes up.
 *
 * @throws SetupError `ERR_CLI_UNREACHABLE` without an answer, `ERR_CLI_ANSWER` for one that is not MCP.
 */
export async function callTool(options: CallToolOptions): Promise<ToolAnswer> {
  const { endpoint, tool, args, token, timeoutMs, version } = options;
  const { fetch: fetchFn, observed } = createObservedFetch(createReachingFetch());
  const client = new Client({ name: 'sallyport-cli', version }, { versionNegotiation: { mode: 'auto' } });
  const transport = new StreamableHTTPClientTransport(endpoint, {
    fetch: fetchFn,
    onInsufficientScope: 'throw',
    authProvider: { token: () => Promise.resolve(token) },
  });
  try {
    await client.connect(transport, { timeout: timeoutMs });
    const result = await client.callTool({ name: tool, arguments: { ...args } }, { timeout: timeoutMs });
    return { kind: 'allowed', result, protocolVersion: client.getNegotiatedProtocolVersion() };
  } catch (error) {
    return answerOf(error, observed, endpoint, timeoutMs);
  } finally {
    await client.close().catch(() => undefined);
  }
}

function answerOf(error: unknown, observed: Observed, endpoint: URL, timeoutMs: number): ToolAnswer {
  if (observed.failure instanceof SetupError) throw observed.failure;
  const { failedAnswer } = observed;
  if (failedAnswer !== undefined) return answerOfFailure(failedAnswer, endpoint);
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    throw unreachable(endpoint.href, `no answer in ${timeoutMs / 1000} s`, error);
  }
  if (!(error instanceof ProtocolError))
    throw notMcp(endpoint, error instanceof Error ? error.message : String(error), error);
  const code = refusalCode(member(error.data, 'code'));
  if (code === undefined) return { kind: 'rejected', rpcCode: error.code, message: error.message };
  return { kind: 'refused', status: 200, code, message: error.message, scopes: [], retryAfter: undefined };
}

function answerOfFailure({ status, body, scopes, retryAfter }: FailedAnswer, endpoint: URL): ToolAnswer {
  const error = member(body, 'error');
  const code = refusalCode(member(member(error, 'data'), 'code'));
  const [rpcCode, text] = [member(error, 'code'), member(error, 'message')];
  const message = typeof text === 'string' ? text : '';
  if (code !== undefined || status === 401 || status === 403) {
    return { kind: 'refused', status, code, message, scopes, retryAfter };
  }
  if (typeof rpcCode === 'number') return { kind: 'rejected', rpcCode, message };
  throw notMcp(endpoint, `HTTP ${status}`);
}

/** The code of a refusal by Sallyport; servers are free to send anything else there. */
function refusalCode(value: unknown): RefusalCode | undefined {
  const pattern = /^ERR_(?:NETWORK|REQUEST|TOKEN|ACCESS|LIMIT|SESSION|AUDIT|SERVER)_[A-Z_]{1,64}$/;
  return typeof value === 'string' && pattern.test(value) ? (value as RefusalCode) : undefined;
}

function notMcp(endpoint: URL, what: string, cause?: unknown): SetupError {
  return new SetupError({
    code: 'ERR_CLI_ANSWER',
    problem: `the answer of ${endpoint.href} is not one of an MCP server: ${what}`,
    remedy: 'check --url: it must be the exact URL of the MCP endpoint',
    cause,
  });
}
