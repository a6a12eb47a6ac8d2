import type { McpCall, Principal, Target, TargetKind } from '@sallyport/core';

/** A frozen principal with these scopes. */
export function principalWith(...scopes: readonly string[]): Principal {
  return Object.freeze({
    issuer: 'https://idp.example',
    subject: 'user-1',
    clientId: 'client-1',
    scopes: Object.freeze([...scopes]),
    tenant: null,
    groups: [],
    roles: [],
    actors: [],
    proof: 'jwt',
    tokenId: null,
    sessionId: null,
    issuedAt: null,
    expiresAt: 2_000_000_000,
    acr: null,
    amr: [],
    authTime: null,
  });
}

/** A request, about one target when one is named. */
export function call(method: string, kind?: TargetKind, name = ''): McpCall {
  const target = kind === undefined ? null : { kind, name };
  return callFor(method, target, target === null ? [] : [target]);
}

/** A `subscriptions/listen` request for these resources. */
export function listen(...uris: readonly string[]): McpCall {
  return callFor(
    'subscriptions/listen',
    null,
    uris.map((name) => ({ kind: 'resource', name })),
  );
}

/** The same message without an id. */
export function notification(request: McpCall): McpCall {
  return { ...request, kind: 'notification', id: undefined };
}

function callFor(method: string, target: Target | null, targets: readonly Target[]): McpCall {
  return {
    kind: 'request',
    era: 'modern',
    protocolVersion: '2026-07-28',
    id: 1,
    method,
    target,
    targets,
    arguments: undefined,
    client: undefined,
    message: { jsonrpc: '2.0', id: 1, method },
  };
}
