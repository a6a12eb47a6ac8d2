import type { IncomingMessage, ServerResponse } from 'node:http';
import { reasons } from '@sallyport/core';
import { pino } from 'pino';
import { edgeOf } from '../edge/arm-edge.ts';
import type { ResponseEdge } from '../edge/response-edge.ts';
import { passageOf, type Passage } from '../passage/passage.ts';

/**
 * The passage and edge of a request that `commit` has marked, for the one handler that may serve it.
 * Any other request is answered with 500 here, and nothing runs.
 */
export function takePassage(req: IncomingMessage, res: ServerResponse): { passage: Passage; edge: ResponseEdge } | undefined {
  const passage = passageOf(req);
  const edge = passage && edgeOf(passage);
  if (passage?.state === 'committed' && edge !== undefined) {
    passage.state = 'handled';
    return { passage, edge };
  }
  const log = passage?.runtime.log ?? pino({ name: 'sallyport' }, pino.destination(2));
  log.error({ missing: 'commit' }, 'a handler was reached without the guard; nothing was run');
  if (!res.headersSent) {
    const { status, rpcCode, message, code } = reasons.guard_missing;
    res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    res.end(JSON.stringify({ jsonrpc: '2.0', error: { code: rpcCode, message, data: { code } } }));
  }
  return undefined;
}
