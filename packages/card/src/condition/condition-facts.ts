import { celList, celMap, type CelMap, type CelValue } from '@bufbuild/cel';
import type { McpCall, Principal } from '@sallyport/core';
import { jsonMap } from './json-value.ts';

/** What a condition is asked about. */
export interface ConditionFacts {
  readonly principal: Principal;
  /** The declared scopes the caller holds, with everything they imply. */
  readonly held: ReadonlySet<string>;
  /** Absent when a list is filtered; then only conditions on the principal are evaluated. */
  readonly call?: McpCall;
  /** The name of the tool or prompt, or the URI of the resource. */
  readonly target: string;
}

/** The variables of an evaluation. Only those that the condition reads are there. */
export function bindVariables(
  { principal, held, call, target }: ConditionFacts,
  used: ReadonlySet<string>,
): Record<string, CelMap> {
  const variables = Object.create(null) as Record<string, CelMap>;
  if (used.has('principal')) variables['principal'] = principalMap(principal, held);
  if (call === undefined) return variables;
  if (used.has('args')) variables['args'] = jsonMap(call.arguments ?? {});
  if (used.has('call')) variables['call'] = callMap(call, target);
  return variables;
}

/** A frozen principal has one set of scopes for as long as it lives, so what was made of the two is kept with it. */
const principals = new WeakMap<ReadonlySet<string>, CelMap>();

function principalMap(principal: Principal, held: ReadonlySet<string>): CelMap {
  const known = principals.get(held);
  if (known !== undefined) return known;
  const { issuer, subject, clientId, tenant, groups, roles, acr, amr, authTime, proof, actors } = principal;
  const members: readonly (readonly [string, CelValue | null | undefined])[] = [
    ['issuer', issuer],
    ['subject', subject],
    ['clientId', clientId],
    ['scopes', celList([...held])],
    ['tenant', tenant],
    ['groups', celList(groups)],
    ['roles', celList(roles)],
    ['acr', acr],
    ['amr', celList(amr)],
    ['authTime', authTime === null ? null : BigInt(Math.floor(authTime))],
    ['proof', proof],
    ['actors', celList(actors.map((actor) => knownMembers(Object.entries(actor))))],
  ];
  const map = knownMembers(members);
  principals.set(held, map);
  return map;
}

function callMap({ method, era, protocolVersion, target: single, targets }: McpCall, target: string): CelMap {
  const isResource = (single ?? targets[0])?.kind === 'resource';
  return knownMembers([
    ['method', method],
    ['name', target],
    ['era', era],
    ['protocolVersion', protocolVersion],
    ['uri', isResource ? target : undefined],
  ]);
}

/** What the token does not say is missing, and not null: a condition that looks at it without `has` denies. */
function knownMembers(members: Iterable<readonly [string, CelValue | null | undefined]>): CelMap {
  const known = new Map<string, CelValue>();
  for (const [name, value] of members) if (value !== null && value !== undefined) known.set(name, value);
  return celMap(known);
}
