import type { AuditEntry, AuditMcp, AuditOutcome, AuditTarget, Principal } from '@sallyport/core';
import { millionPolicy, millionTools } from './million-tools.ts';
import { createSteadyRandom, type SteadyRandom } from './steady-random.ts';

/** Calls that are open at a time: an outcome follows its decision so many records later. */
const openCalls = 8;

const outcomes: readonly AuditOutcome['status'][] = ['ok', 'tool_error', 'error', 'cancelled', 'disconnected'];
const authReasons = ['no_token', 'expired', 'aud_mismatch', 'bad_signature', 'revoked'] as const;
const refusalReasons = ['rate_limited', 'malformed_rpc', 'too_large', 'header_mismatch'] as const;
const authRule = 'authenticate';

/** From where to where, in numbers of facts, one caller tries everything that it may not: a peak to be found. */
export interface Burst {
  readonly from: number;
  readonly to: number;
}

export interface MillionEntriesOptions {
  readonly callers: readonly Principal[];
  readonly seed: number;
  readonly burst: Burst;
}

/**
 * Facts as a busy server meets them, without end: calls of tools with their outcomes, lists, resources, denials for missing scopes,
 * failed sign-ins of nobody in particular, refusals. The same for the same seed.
 */
export function* millionEntries({
  callers,
  seed,
  burst,
}: MillionEntriesOptions): Generator<AuditEntry, void, undefined> {
  const random = createSteadyRandom(seed);
  const open: AuditEntry[] = [];
  for (let number = 0; ; number += 1) {
    const kind = random.next();
    const greedy = number >= burst.from && number < burst.to ? callers.at(-1) : undefined;
    if (greedy !== undefined) yield decided({ ...greedy, scopes: [] }, number, random, seed);
    else if (kind < 0.06) yield failure(random);
    else if (kind < 0.08) yield refusal(random.popular(callers), random);
    else {
      const decision = decided(random.popular(callers), number, random, seed);
      yield decision;
      if (decision.decision?.effect === 'allow') open.push(ended(decision, random));
    }
    const due = open.length > openCalls ? open.splice(random.below(openCalls), 1) : [];
    yield* due;
  }
}

function decided(principal: Principal, number: number, random: SteadyRandom, seed: number): AuditEntry {
  const listed = random.next() < 0.1;
  const tool = random.popular(millionTools);
  const denied = !listed && !principal.scopes.includes(tool.scope);
  const id = (seed * 1e9 + number).toString(16).padStart(12, '0');
  const target: AuditTarget = { kind: 'tool', name: tool.name };
  return {
    type: 'mcp.decision',
    call: `${id.slice(-8)}-0000-4000-8000-${id.slice(-12)}`,
    principal,
    source: { ip: ipOf(principal), userAgent: 'desktop/1.4.2 (Linux x86_64)' },
    mcp: mcpOf(listed ? 'tools/list' : 'tools/call', number),
    ...(!listed && { target, arguments: { id: `n${random.below(5000)}`, limit: random.below(100) } }),
    decision: {
      effect: denied ? 'deny' : 'allow',
      rule: listed ? 'methods.list' : `tools.${tool.name}`,
      policy: millionPolicy,
      ...(!listed && { requiredScopes: [tool.scope] }),
      ...(denied && { reason: 'insufficient_scope', missingScopes: [tool.scope], httpStatus: 403 }),
    },
    trace: { traceId: id.padStart(32, '4'), spanId: id.padStart(16, '0').slice(-16) },
  };
}

function ended({ call = '', principal, mcp, target, trace }: AuditEntry, random: SteadyRandom): AuditEntry {
  const fate = random.next();
  const status = fate < 0.93 ? 'ok' : random.popular(outcomes);
  return {
    type: 'mcp.outcome',
    call,
    ...(principal !== undefined && { principal }),
    ...(mcp !== undefined && { mcp }),
    ...(target !== undefined && { target }),
    outcome: { status, httpStatus: 200, durationMs: random.below(40_000) / 100, bytes: 100 + random.below(4000) },
    ...(trace !== undefined && { trace }),
  };
}

/** Somebody without a valid token, from one of 60 networks. */
function failure(random: SteadyRandom): AuditEntry {
  const ip = `203.0.${113 + random.below(3)}.${random.below(200) + 1}`;
  const reason = random.popular(authReasons);
  return {
    type: 'auth.failure',
    call: `ffffffff-0000-4000-8000-${String(random.below(1e12)).padStart(12, '0')}`,
    source: { ip, userAgent: 'python-httpx/0.28' },
    decision: { effect: 'deny', reason, rule: authRule, httpStatus: 401 },
  };
}

function refusal(principal: Principal, random: SteadyRandom): AuditEntry {
  return {
    type: 'request.refused',
    call: `eeeeeeee-0000-4000-8000-${String(random.below(1e12)).padStart(12, '0')}`,
    principal,
    source: { ip: ipOf(principal) },
    decision: { effect: 'deny', reason: random.popular(refusalReasons), rule: 'limit', httpStatus: 429 },
  };
}

function mcpOf(method: string, requestId: number): AuditMcp {
  return { method, requestId, protocolVersion: '2026-07-28', era: 'modern', client: 'desktop/1.4.2' };
}

/** Everybody has an address. */
function ipOf({ subject }: Principal): string {
  const number = Number(subject.replaceAll(/[^0-9]/g, ''));
  return `192.0.2.${(number % 250) + 1}`;
}
