import type { AuditLevel } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthorizer, createReplayer } from '../../src/index.ts';
import { accessCard } from '../support/access-card.ts';
import type { NaiveAccess } from '../support/naive-policy.ts';
import { access, message, principal } from '../support/random-policy.ts';
import { recordedDecision } from '../support/recorded-decision.ts';

const atMs = 1_790_000_000_000;

/** Rules that ask for a sign-in as well. */
const signIns = fc.array(
  fc.option(
    fc.oneof(
      fc.constant({ acrValues: ['high'] }),
      fc.constantFrom(100, 1000, 5000).map((maxAgeSeconds) => ({ maxAgeSeconds })),
    ),
  ),
  { minLength: 5, maxLength: 5 },
);

function withSignIns(policy: NaiveAccess, list: readonly (object | null)[]): NaiveAccess {
  let next = 0;
  const add = (rules: NaiveAccess['tools']): NaiveAccess['tools'] =>
    Object.fromEntries(
      Object.entries(rules).map(([name, rule]) => {
        const authentication = list[next++ % list.length];
        return [name, authentication ? { ...rule, authentication } : rule];
      }),
    );
  return { ...policy, tools: add(policy.tools), resources: add(policy.resources), prompts: add(policy.prompts) };
}

const policies = fc.tuple(access, signIns).map(([policy, list]) => withSignIns(policy, list));
const callers = fc
  .tuple(principal, fc.constantFrom(null, 50, 500, 3000, 9000))
  .map(([caller, ago]) => Object.freeze({ ...caller, authTime: ago === null ? null : atMs / 1000 - ago }));
const recording = fc.record({
  level: fc.constantFrom<AuditLevel>('metadata', 'request'),
  sensitive: fc.subarray(['/n', '/m', '/list']),
  pseudonymize: fc.boolean(),
});
const clock = { now: () => atMs, monotonicNs: () => 1n };

describe('a recorded call that is decided again', () => {
  it('gets the answer of the authorizer for the call as it was, or none', async () => {
    const count = { certain: 0, unknown: 0 };
    const cases = fc.array(fc.tuple(callers, message, recording), { minLength: 1, maxLength: 10 });
    const property = fc.asyncProperty(policies, policies, cases, async (old, changed, list) => {
      const [first, second] = [await accessCard(old), await accessCard(changed)];
      const [before, after] = [createAuthorizer(first, { clock }), createAuthorizer(second, { clock })];
      const replayer = createReplayer(second);
      for (const [caller, request, options] of list) {
        const decided = before.decide(caller, request);
        const truth = after.decide(caller, request);
        const again = replayer.replay(recordedDecision(decided, caller, request, { ...options, atMs }));
        if (again.kind === 'unknown') {
          count.unknown += 1;
          expect(again.missing.has('record')).toBe(false);
          continue;
        }
        count.certain += 1;
        if (again.kind === 'same_policy') {
          expect([first.policy, truth.effect]).toEqual([second.policy, decided.effect]);
          continue;
        }
        if (again.kind !== 'decided') throw new Error('a card decides this');
        expect(again.decision.effect).toBe(truth.effect);
        if (!again.exact) expect(truth.effect).toBe('deny');
        else {
          const { reason, rule, requiredScopes, missingScopes } = truth;
          expect(again.decision).toMatchObject({ rule, requiredScopes, missingScopes });
          expect(again.decision.reason).toBe(reason);
        }
      }
    });
    await fc.assert(property, { numRuns: 100 });
    expect(count.certain).toBeGreaterThan(count.unknown);
    expect(count.unknown).toBeGreaterThan(10);
  });

  it('never has another answer under the policy that decided it', async () => {
    const property = fc.asyncProperty(
      policies,
      callers,
      message,
      recording,
      async (policy, caller, request, options) => {
        const card = await accessCard(policy);
        const decision = createAuthorizer(card, { clock }).decide(caller, request);
        const again = createReplayer(card).replay(recordedDecision(decision, caller, request, { ...options, atMs }));
        expect(['decided', 'same_policy']).toContain(again.kind);
        if (again.kind === 'decided') expect(again.decision.effect).toBe(decision.effect);
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });

  it('always has an answer where policies ask for scopes alone', async () => {
    const plain = access.map(({ scopes, ...rest }): NaiveAccess => {
      const bare = (rules: NaiveAccess['tools']): NaiveAccess['tools'] =>
        Object.fromEntries(
          Object.entries(rules).map(([name, { groups: _groups, roles: _roles, when: _when, ...rule }]) => [
            name,
            (rule.scopes ?? rule.anyOf) ? rule : { ...rule, scopes: [] },
          ]),
        );
      return { scopes, tools: bare(rest.tools), resources: bare(rest.resources), prompts: bare(rest.prompts) };
    });
    const property = fc.asyncProperty(plain, plain, callers, message, async (old, changed, caller, request) => {
      if (request.method === 'subscriptions/listen') return;
      const decision = createAuthorizer(await accessCard(old)).decide(caller, request);
      const again = createReplayer(await accessCard(changed)).replay(recordedDecision(decision, caller, request));
      expect(again).toMatchObject({ kind: 'decided', exact: true });
    });
    await fc.assert(property, { numRuns: 100 });
  });
});
