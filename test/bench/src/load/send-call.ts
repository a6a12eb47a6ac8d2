import type { Client, Dispatcher } from 'undici';

import type { Scenario } from '../plan/scenario.ts';
import { calledTool, protocolVersion } from '../server/call.ts';
import type { Answer } from './check-answer.ts';

interface Message {
  readonly body: string;
  readonly headers: readonly string[];
}

const call = message('tools/call', { name: calledTool, arguments: { text: 'bench' } }, { 'mcp-name': calledTool });
const list = message('tools/list', {}, {});

function message(method: string, params: object, named: Record<string, string>): Message {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': protocolVersion,
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return {
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } }),
    headers: Object.entries({
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': protocolVersion,
      'mcp-method': method,
      ...named,
    }).flat(),
  };
}

export interface SendCallOptions {
  readonly scenario: Scenario;
  readonly credential: string | undefined;
}

/** Sends what a scenario asks for once and gives the whole answer to `done`. */
export function sendCall(
  client: Client,
  { scenario, credential }: SendCallOptions,
  done: (answer: Answer | Error) => void,
): void {
  let status = 0;
  let challenge: string | undefined;
  const chunks: Buffer[] = [];
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: () => undefined,
    onResponseStart(_controller, statusCode, responseHeaders) {
      status = statusCode;
      challenge = responseHeaders['www-authenticate'] as string | undefined;
    },
    onResponseData: (_controller, chunk) => void chunks.push(chunk),
    onResponseEnd() {
      const first = chunks.length === 1 ? chunks[0] : undefined;
      done({ status, challenge, body: (first ?? Buffer.concat(chunks)).toString() });
    },
    onResponseError: (_controller, error) => done(error),
  };
  const { body, headers } = scenario === 'list' ? list : call;
  const sent = credential === undefined ? headers : [...headers, 'authorization', credential];
  client.dispatch({ path: '/mcp', method: 'POST', headers: sent as string[], body }, handler);
}
