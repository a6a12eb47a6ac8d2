import type { Client, Dispatcher } from 'undici';

import { calledTool, protocolVersion } from '../server/call.ts';
import type { Answer } from './check-answer.ts';

const body = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: calledTool,
    arguments: { text: 'bench' },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': protocolVersion,
      'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});

const headers: readonly string[] = Object.entries({
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': protocolVersion,
  'mcp-method': 'tools/call',
  'mcp-name': calledTool,
}).flat();

/** Sends the call once and gives the whole answer to `done`. */
export function sendCall(client: Client, credential: string | undefined, done: (answer: Answer | Error) => void): void {
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
  const sent = credential === undefined ? headers : [...headers, 'authorization', credential];
  client.dispatch({ path: '/mcp', method: 'POST', headers: sent as string[], body }, handler);
}
