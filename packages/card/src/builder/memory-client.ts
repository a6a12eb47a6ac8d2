import { member, type JsonObject, type JsonValue } from '@sallyport/core';
import type { JSONRPCMessage, McpServerFactory, ScopeChallengeHandler, Transport } from '@modelcontextprotocol/server';

/** A server answered with a JSON-RPC error. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Asks a server in the same process. */
export interface MemoryClient {
  request(method: string, params: JsonObject): Promise<JsonValue>;
  notify(method: string): void;
  /** What the server declared with the SDK's `scopeChallenge`, such as `requireScopes(…)`; absent for one without such declarations. */
  readonly scopeChallenge: ScopeChallengeHandler | undefined;
  close(): Promise<void>;
}

/** A server hands its scope declarations to a transport that has this method. */
type ScopeAwareTransport = Transport & { setScopeChallengeResolver(resolver: ScopeChallengeHandler): void };

interface Waiting {
  readonly resolve: (result: JsonValue) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Connects to a server without a network. It speaks JSON-RPC itself, so that comparing a card with a server needs no client library.
 * Whatever the server asks of its client is answered as unknown.
 */
export async function connectInMemory(server: Awaited<ReturnType<McpServerFactory>>): Promise<MemoryClient> {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  let scopeChallenge: ScopeChallengeHandler | undefined;
  const transport: ScopeAwareTransport = {
    setScopeChallengeResolver: (resolver) => {
      scopeChallenge = resolver;
    },
    start: () => Promise.resolve(),
    send: (message) => {
      receive(message);
      return Promise.resolve();
    },
    close: () => {
      for (const { reject } of waiting.values()) reject(new Error('the server closed the connection'));
      waiting.clear();
      transport.onclose?.();
      return Promise.resolve();
    },
  };
  const deliver = (message: JSONRPCMessage): void => queueMicrotask(() => transport.onmessage?.(message));

  function receive(message: JSONRPCMessage): void {
    if ('method' in message) {
      if ('id' in message)
        deliver({ jsonrpc: '2.0', id: message.id, error: { code: -32_601, message: 'Method not found' } });
      return;
    }
    const pending = typeof message.id === 'number' ? waiting.get(message.id) : undefined;
    if (pending === undefined || typeof message.id !== 'number') return;
    waiting.delete(message.id);
    if ('error' in message) pending.reject(new RpcError(message.error.code, message.error.message));
    else pending.resolve(member(message, 'result') ?? null);
  }

  await server.connect(transport);
  return {
    scopeChallenge,
    request: (method, params) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        deliver({ jsonrpc: '2.0', id: lastId, method, params });
      }),
    notify: (method) => deliver({ jsonrpc: '2.0', method }),
    close: () => server.close(),
  };
}
