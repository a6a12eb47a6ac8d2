import {
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
  type Implementation,
} from '@modelcontextprotocol/client';
import { listTargets, type LiveServer } from '@sallyport/card';
import { FetchProblem, type DocumentFetcher, type JsonObject, type JsonValue } from '@sallyport/core';
import { createObservedFetch, type Observed } from '../../try/observed-fetch.ts';
import { createGuardedFetch } from './guarded-fetch.ts';

export interface AskServerOptions {
  readonly endpoint: URL;
  readonly fetchDocument: DocumentFetcher;
  /** Absent: it is asked without a token. */
  readonly token: string | undefined;
  /** Whether it is asked for its lists, too. */
  readonly lists: boolean;
  /** Milliseconds until each answer must be there. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  /** Version of this command, which the client says of itself. */
  readonly version: string;
}

/** What came of asking. The words of a problem may be the server's. */
export type AskedServer =
  | { readonly kind: 'answered'; readonly server: LiveServer; readonly listsProblem?: string }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'failed'; readonly problem: string };

const methodNotFound = -32_601;

/**
 * Asks a server what it is: `server/discover`, or the handshake of a 2025-era server, with the MCP SDK's client. Never rejects for what
 * the server does.
 */
export async function askServer(options: AskServerOptions): Promise<AskedServer> {
  const { endpoint, token, timeoutMs, version } = options;
  const { fetch: fetchFn, observed } = createObservedFetch(createGuardedFetch(options.fetchDocument, options));
  const client = new Client({ name: 'sallyport-cli', version }, { versionNegotiation: { mode: 'auto' } });
  const transport = new StreamableHTTPClientTransport(endpoint, {
    fetch: fetchFn,
    onInsufficientScope: 'throw',
    authProvider: { token: () => Promise.resolve(token) },
  });
  try {
    await client.connect(transport, { timeout: timeoutMs });
    const negotiated = client.getNegotiatedProtocolVersion();
    const server: LiveServer = {
      endpoint: endpoint.href,
      transport: 'streamable-http',
      info: infoOf(client.getServerVersion()),
      supportedVersions:
        client.getDiscoverResult()?.supportedVersions ?? (negotiated === undefined ? [] : [negotiated]),
    };
    return options.lists
      ? { kind: 'answered', ...(await withLists(client, server, timeoutMs)) }
      : { kind: 'answered', server };
  } catch (error) {
    return failureOf(error, observed, timeoutMs);
  } finally {
    await client.close().catch(() => undefined);
  }
}

function infoOf(info: Implementation | undefined): NonNullable<LiveServer['info']> {
  return { name: info?.name, version: info?.version, title: info?.title, description: info?.description };
}

async function withLists(
  client: Client,
  server: LiveServer,
  timeoutMs: number,
): Promise<{ readonly server: LiveServer; readonly listsProblem?: string }> {
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
    const capabilities = (client.getServerCapabilities() ?? {}) as JsonValue;
    const { tools, resources, resourceTemplates, prompts } = await listTargets({ capabilities, request });
    const names = (targets: typeof tools): readonly string[] => targets.map(({ name }) => name);
    const lists = {
      tools: names(tools),
      resources: names([...resources, ...resourceTemplates]),
      prompts: names(prompts),
    };
    return { server: { ...server, lists } };
  } catch (error) {
    return { server, listsProblem: messageOf(error) };
  }
}

function failureOf(error: unknown, { failure, failedAnswer }: Observed, timeoutMs: number): AskedServer {
  if (failure instanceof FetchProblem) return { kind: 'failed', problem: failure.message };
  if (failedAnswer?.status === 401 || failedAnswer?.status === 403)
    return { kind: 'refused', status: failedAnswer.status };
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout)
    return { kind: 'failed', problem: `no answer in ${timeoutMs / 1000} s` };
  return { kind: 'failed', problem: failedAnswer === undefined ? messageOf(error) : `answered ${failedAnswer.status}` };
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.length > 300 ? `${message.slice(0, 300)}…` : message;
}
