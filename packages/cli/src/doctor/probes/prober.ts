import { isJsonObject, type JsonObject, type JsonValue } from '@sallyport/core';
import { createDiscoveryFetch } from '../../try/discovery-fetch.ts';

/** What a server answered. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  /** Media type in lower case, without parameters. */
  readonly mediaType: string;
  /** The body, where it is a JSON object. */
  readonly json: JsonObject | undefined;
}

/** Sends requests to a server and never follows a redirect. Rejects with `SetupError` `ERR_CLI_UNREACHABLE`, `ERR_CLI_ANSWER`. */
export interface Prober {
  /** The MCP endpoint. */
  readonly endpoint: URL;
  get(url: string | URL, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** A request that lists tools: it calls none, and needs a token. */
  listTools(headers?: Readonly<Record<string, string>>): Promise<Answer>;
  preflight(origin: string): Promise<Answer>;
}

const protocolVersion = '2026-07-28';

export function createProber(endpoint: URL): Prober {
  const fetchFn = createDiscoveryFetch();
  async function send(url: string | URL, init: RequestInit): Promise<Answer> {
    const response = await fetchFn(url, { ...init, redirect: 'manual' });
    const mediaType = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    return {
      url: String(url),
      status: response.status,
      headers: response.headers,
      mediaType,
      json: parse(await response.text()),
    };
  }
  return {
    endpoint,
    get: (url, headers = {}) => send(url, { headers: { accept: 'application/json', ...headers } }),
    listTools: (headers = {}) => send(endpoint, { method: 'POST', headers: { ...requestHeaders, ...headers }, body }),
    preflight: (origin) =>
      send(endpoint, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,mcp-method,mcp-protocol-version',
        },
      }),
  };
}

const requestHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': protocolVersion,
  'mcp-method': 'tools/list',
};
const body = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/list',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': protocolVersion,
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'sallyport-doctor', version: '1' },
    },
  },
});

function parse(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
