import type { IncomingMessage, ServerResponse } from 'node:http';
import { mount } from '@sallyport/express';
import type { RequestHandler } from 'express';

/** A handler that throws, ends a stream without an answer, or never answers, by the name of the tool. */
export const oddHandler: RequestHandler = mount((_req: IncomingMessage, res: ServerResponse, body?: unknown) => {
  const { name } = (body as { readonly params: { readonly name: string } }).params;
  if (name === 'crash') throw new Error('the handler is broken');
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  if (name === 'cancel') res.end();
});
