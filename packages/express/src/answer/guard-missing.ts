import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorPage, reasons } from '@sallyport/core';
import { discardBody } from './drain.ts';

/** Answers a request that has no passage here: the guard is not set up, so there is nothing to record it in. */
export function answerGuardMissing(req: IncomingMessage, res: ServerResponse): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  discardBody(req, res);
  const { status, rpcCode, message, code } = reasons.guard_missing;
  const error = { code: rpcCode, message, data: { code, doc: errorPage(code) } };
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify({ jsonrpc: '2.0', error }));
}
