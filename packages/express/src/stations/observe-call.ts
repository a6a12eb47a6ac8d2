import type { IncomingMessage } from 'node:http';
import type { Era, McpCall, RpcMessage } from '@sallyport/core';
import { elapsedMs, type Passage } from '../passage/passage.ts';

/**
 * Shows the call to the observer of the suite; of a message that was refused before it became one, what is known of it. A posted
 * response answers a request of the server and is no call of its own.
 */
export function observeCall(passage: Passage, req: IncomingMessage, era: Era): void {
  const { message, principal, runtime } = passage;
  if (message === undefined || message.kind === 'response') return;
  const call = passage.call ?? unmatched(message, era);
  const port = passage.ip === req.socket.remoteAddress ? req.socket.remotePort : undefined;
  passage.observation = runtime.observer.startCall({
    call,
    targetDeclared: call.target !== null && runtime.targets.declares(call.target),
    principal: principal ?? null,
    startedAtMs: passage.startedAtMs,
    elapsedMs: () => elapsedMs(passage),
    source: {
      ip: passage.ip,
      ...(port !== undefined && { port }),
      httpVersion: req.httpVersionMajor === 1 ? req.httpVersion : String(req.httpVersionMajor),
    },
    stages: passage.stages,
  });
}

function unmatched(message: Exclude<RpcMessage, { readonly kind: 'response' }>, era: Era): McpCall {
  return {
    kind: message.kind,
    era,
    protocolVersion: '',
    id: message.kind === 'request' ? message.id : undefined,
    method: message.method,
    target: null,
    targets: [],
    arguments: undefined,
    client: undefined,
    message: message.message,
  };
}
