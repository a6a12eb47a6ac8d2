import { createAuthorizer, loadCard } from '@sallyport/card';
import type { McpCall, Principal } from '@sallyport/core';

import type { PolicyCase, PolicySpan } from './policy-case.ts';

/** Decides one call after the other, each of another tool. */
export interface Decider {
  /** Makes the next decision. */
  decide(): 'allow' | 'deny';
}

/** An authorizer over a card with so many tools, and calls spread over them. */
export async function createDecider(
  { rule, scopes, args }: PolicyCase,
  { tools, called }: PolicySpan,
): Promise<Decider> {
  const authorizer = createAuthorizer(await loadCard(cardOf(rule, tools)));
  const principal = callerWith(scopes);
  const calls = Array.from({ length: called }, (_, index) =>
    callOf(`t${Math.floor((index * tools) / called) + 1}`, args),
  );
  let next = 0;
  return {
    decide() {
      const call = calls[next] as McpCall;
      next = next + 1 === called ? 0 : next + 1;
      return authorizer.decide(principal, call).effect;
    },
  };
}

function cardOf(rule: PolicyCase['rule'], tools: number): object {
  const declared = Array.from({ length: tools }, (_, index) => [`t${index + 1}`, rule(index)]);
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'dev.sallyport/bench',
    version: '1.0.0',
    description: 'Tools that are decided about.',
    _meta: {
      'dev.sallyport/access': {
        scopes: { 'b:call': {}, 'b:large': {}, 'b:other': {} },
        tools: Object.fromEntries(declared) as object,
      },
    },
  };
}

/** A caller with these scopes. */
export function callerWith(scopes: readonly string[]): Principal {
  return Object.freeze({
    issuer: 'https://login.example.com',
    subject: 'bench',
    clientId: 'bench',
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

function callOf(name: string, args: PolicyCase['args']): McpCall {
  const target = Object.freeze({ kind: 'tool', name });
  return Object.freeze({
    kind: 'request',
    era: 'modern',
    protocolVersion: '2026-07-28',
    id: 1,
    method: 'tools/call',
    target,
    targets: [target],
    arguments: args,
    client: undefined,
    message: { jsonrpc: '2.0', id: 1, method: 'tools/call' },
  });
}
