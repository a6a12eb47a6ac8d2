import {
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { listTargets, type ListedServer } from '@sallyport/card';
import { SetupError, type JsonObject, type JsonValue } from '@sallyport/core';
import { createObservedFetch, type Observed } from '../try/observed-fetch.ts';
import { createReachingFetch, unreachable } from '../try/reaching-fetch.ts';

export interface ListRunningServerOptions {
  readonly endpoint: URL;
  /** Absent: it is asked without a token. */
  readonly token: string | undefined;
  /** Milliseconds until each answer must be there. */
  readonly timeoutMs: number;
  /** Version of this command, which the client says of itself. */
  readonly version: string;
}

const methodNotFound = -32_601;

/**
 * Everything a running server lists, asked with the MCP SDK's client in whichever protocol era it speaks. A guarded server lists what the
 * token may see and no more.
 *
 * @throws SetupError `ERR_CLI_UNREACHABLE`, `ERR_CLI_ANSWER`
 */
export async function listRunningServer(options: ListRunningServerOptions): Promise<ListedServer> {
  const { endpoint, token, timeoutMs, version } = options;
  const { fetch: fetchFn, observed } = createObservedFetch(createReachingFetch());
  const client = new Client({ name: 'sallyport-cli', version }, { versionNegotiation: { mode: 'auto' } });
  const transport = new StreamableHTTPClientTransport(endpoint, {
    fetch: fetchFn,
    onInsufficientScope: 'throw',
    authProvider: { token: () => Promise.resolve(token) },
  });
  const request = async (method: string, params: JsonObject): Promise<JsonValue | undefined> => {
    try {
      // The lists are all alike; what they hold is checked by whoever reads them.
      const call = { method: method as 'tools/list', params: { ...params } };
      return (await client.request(call, { timeout: timeoutMs })) as unknown as JsonValue;
    } catch (error) {
      if (error instanceof ProtocolError && error.code === methodNotFound) return undefined;
      throw error;
    }
  };
  try {
    await client.connect(transport, { timeout: timeoutMs });
    const serverInfo = (client.getServerVersion() ?? null) as JsonValue;
    const capabilities = (client.getServerCapabilities() ?? {}) as JsonValue;
    return await listTargets({ serverInfo, capabilities, request });
  } catch (error) {
    throw failure(error, observed, options);
  } finally {
    await client.close().catch(() => undefined);
  }
}

function failure(
  error: unknown,
  observed: Observed,
  { endpoint, timeoutMs, token }: ListRunningServerOptions,
): unknown {
  if (error instanceof SetupError) return error;
  if (observed.failure instanceof SetupError) return observed.failure;
  const { failedAnswer } = observed;
  if (failedAnswer?.status === 401 || failedAnswer?.status === 403) {
    return new SetupError({
      code: 'ERR_CLI_ANSWER',
      problem: `${endpoint.href} refuses to list what it has: HTTP ${failedAnswer.status}`,
      remedy:
        token === undefined ? 'use --token-file with an access token' : 'use a token of this server that is valid',
      cause: error,
    });
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout)
    return unreachable(endpoint.href, `no answer in ${timeoutMs / 1000} s`, error);
  const what = failedAnswer === undefined ? messageOf(error) : `HTTP ${failedAnswer.status}`;
  return new SetupError({
    code: 'ERR_CLI_ANSWER',
    problem: `the answer of ${endpoint.href} is not one of an MCP server: ${what}`,
    remedy: 'check --url: it must be the exact URL of the MCP endpoint',
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
