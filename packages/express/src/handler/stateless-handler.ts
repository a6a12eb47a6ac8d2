import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createMcpHandler,
  type CreateMcpHandlerOptions,
  type McpHttpHandler,
  type McpServerFactory,
} from '@modelcontextprotocol/server';
import type { RequestHandler } from 'express';
import type { ResponseEdge } from '../edge/response-edge.ts';
import type { Passage } from '../passage/passage.ts';
import { authInfoFor } from './auth-info.ts';
import { takePassage } from './take-passage.ts';

/** An Express handler with the publishing side of the SDK's handler it wraps. */
export type StatelessHandler = RequestHandler & Pick<McpHttpHandler, 'notify' | 'bus' | 'close'>;

/**
 * Serves guarded calls with the SDK's stateless Streamable HTTP handler, both eras, a new server for every request.
 * Answers 500 to any request that did not pass the whole walk.
 *
 * @param buildServer makes the server of one request
 * @param options passed to the SDK's `createMcpHandler`
 */
export function statelessHandler(buildServer: McpServerFactory, options?: CreateMcpHandlerOptions): StatelessHandler {
  const handler = createMcpHandler(buildServer, options);
  const serve: RequestHandler = (req, res) => {
    const taken = takePassage(req, res);
    if (taken === undefined) return;
    void respond(handler, taken.passage, taken.edge, req, res).catch((error: unknown) => taken.edge.fail(error));
  };
  return Object.assign(serve, { notify: handler.notify, bus: handler.bus, close: handler.close });
}

async function respond(
  handler: McpHttpHandler,
  passage: Passage,
  edge: ResponseEdge,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { principal, runtime, body } = passage;
  const abort = new AbortController();
  res.once('close', () => abort.abort());
  const request = new Request(runtime.config.resource, {
    method: req.method ?? 'POST',
    headers: webHeaders(req),
    signal: abort.signal,
  });
  const options = {
    parsedBody: body,
    ...(principal && { authInfo: authInfoFor(principal, runtime.config.resource) }),
  };
  const run = (): Promise<Response> => handler.fetch(request, options);
  const response = await (passage.observation?.run(run) ?? run());
  edge.head(response.status, response.headers);
  if (response.body !== null) await pump(response.body, edge, res);
  edge.end();
}

async function pump(body: ReadableStream<Uint8Array>, edge: ResponseEdge, res: ServerResponse): Promise<void> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (res.destroyed) {
      await reader.cancel();
      return;
    }
    if (!edge.write(value)) await drained(res);
  }
}

function drained(res: ServerResponse): Promise<void> {
  if (res.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = (): void => {
      res.off('drain', settle).off('close', settle);
      resolve();
    };
    res.on('drain', settle).on('close', settle);
  });
}

function webHeaders(req: IncomingMessage): Headers {
  const headers = new Headers();
  const raw = req.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) headers.append(raw[i] ?? '', raw[i + 1] ?? '');
  return headers;
}
