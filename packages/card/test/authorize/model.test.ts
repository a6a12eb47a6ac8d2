import type { Principal } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthorizer, explainDecision } from '../../src/index.ts';
import { accessCard } from '../support/access-card.ts';
import { call, listen, notification, principalWith } from '../support/calls.ts';
import { naiveDecision, naivelySeen } from '../support/naive-policy.ts';
import { access, message, monotoneAccess, names, principal, uris } from '../support/random-policy.ts';

describe('every decision', () => {
  it('is the one of a naive reading of the policy', async () => {
    const cases = fc.array(fc.tuple(principal, message), { minLength: 1, maxLength: 20 });
    const property = fc.asyncProperty(access, cases, async (policy, list) => {
      const authorizer = createAuthorizer(await accessCard(policy));
      for (const [caller, request] of list) {
        const decision = authorizer.decide(caller, request);
        const shown = decision.disclosure === 'hide' ? 'unseen' : decision.reason;
        expect([decision.effect, shown]).toEqual(naiveDecision(policy, caller, request));
        expect(decision.condition !== undefined).toBe(decision.reason === 'condition');
      }
    });
    await fc.assert(property, { numRuns: 400 });
  });

  it('is the one that is explained, and the first check that fails is its reason', async () => {
    const property = fc.asyncProperty(access, principal, message, async (policy, caller, request) => {
      const card = await accessCard(policy);
      const { decision, summary, steps } = explainDecision(card, { principal: caller, call: request });
      expect(decision).toEqual(createAuthorizer(card).decide(caller, request));
      expect(summary === 'allowed').toBe(decision.effect === 'allow');
      if (decision.effect === 'allow') expect(steps.every(({ outcome }) => outcome === 'pass')).toBe(true);
      if (decision.reason === 'insufficient_scope') expect(failed(steps)).toContain('scopes');
      if (decision.condition !== undefined) expect(failed(steps)).toContain(decision.condition.field);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('never allows more when a scope is taken away, unless a condition asks that a scope is missing', async () => {
    const property = fc.asyncProperty(
      monotoneAccess,
      principal,
      message,
      fc.nat(),
      async (policy, caller, request, index) => {
        const authorizer = createAuthorizer(await accessCard(policy));
        const kept = caller.scopes.filter((_, i) => i !== index % Math.max(1, caller.scopes.length));
        const fewer: Principal = Object.freeze({ ...caller, scopes: Object.freeze(kept) });
        if (authorizer.decide(fewer, request).effect === 'allow')
          expect(authorizer.decide(caller, request).effect).toBe('allow');
      },
    );
    await fc.assert(property, { numRuns: 400 });
  });

  it('can allow less when a scope is added only where a condition says so', async () => {
    const tools = { t0: { scopes: [], when: "!('s0' in principal.scopes)" } };
    const authorizer = createAuthorizer(await accessCard({ scopes: { s0: {} }, tools }));
    const effect = (caller: Principal): string => authorizer.decide(caller, call('tools/call', 'tool', 't0')).effect;
    expect([effect(principalWith()), effect(principalWith('s0'))]).toEqual(['allow', 'deny']);
  });

  it('allows with the scopes that the challenge names, unless a condition stands in the way', async () => {
    const property = fc.asyncProperty(access, principal, message, async (policy, caller, request) => {
      const authorizer = createAuthorizer(await accessCard(policy));
      const { challengeScopes, missingScopes, disclosure, reason } = authorizer.decide(caller, request);
      if (reason !== 'insufficient_scope') return;
      if (disclosure === 'hide') {
        expect(challengeScopes).toEqual([]);
        return;
      }
      expect(challengeScopes).toEqual(expect.arrayContaining([...missingScopes]));
      const scopes = Object.freeze([...caller.scopes, ...challengeScopes]);
      const steppedUp = authorizer.decide(Object.freeze({ ...caller, scopes }), request);
      expect(steppedUp.reason ?? 'allow').toMatch(/^(?:allow|condition|notification_refused)$/);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('does not depend on the order of keys, of the card or of the arguments', async () => {
    const property = fc.asyncProperty(access, principal, message, async (policy, caller, request) => {
      const card = await accessCard(policy);
      const turned = await accessCard(reversed(policy));
      expect(turned.policy).toBe(card.policy);
      const decision = createAuthorizer(card).decide(caller, request);
      expect(createAuthorizer(turned).decide(caller, request)).toEqual(decision);
      expect(createAuthorizer(card).decide(reversed(caller), reversed(request))).toEqual(decision);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('is made without throwing, whatever method, name and scopes are', async () => {
    const card = await accessCard({
      scopes: { s0: {} },
      tools: { t0: { scopes: ['s0'] } },
      resources: { 'note:///{+path}': { scopes: [] }, 'note:///a{/x*}{?q,r}': { scopes: ['s0'] } },
    });
    const authorizer = createAuthorizer(card);
    const informed = createAuthorizer(card, {
      registered: { tools: [], resources: ['', 'x'], resourceTemplates: ['{', 'a{b:1}'], prompts: [] },
    });
    const method = fc.oneof(
      fc.constantFrom('tools/call', 'resources/read', 'completion/complete', 'prompts/get', 'subscriptions/listen'),
      fc.string(),
    );
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.string().map((text) => `note:///${text}`),
      fc.string().map((text) => `note:///a/${text}?q=${text}`),
    );
    const kinds = fc.constantFrom('tool', 'resource', 'prompt', 'task');
    const property = fc.property(method, kinds, name, fc.array(fc.string()), (verb, kind, text, scopes) => {
      for (const decider of [authorizer, informed]) {
        for (const request of [call(verb, kind, text), listen(text, text), notification(call(verb, kind, text))]) {
          const decision = decider.decide(principalWith(...scopes), request);
          expect(decision.effect === 'allow').toBe(decision.reason === undefined);
          expect(Object.isFrozen(decision)).toBe(true);
        }
        const seen = decider.sees(principalWith(...scopes), { kind, name: text }, text.includes('{'));
        expect(typeof seen).toBe('boolean');
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('agrees with the lists: what is not seen is denied, what is seen lacks nothing but the arguments', async () => {
    const property = fc.asyncProperty(access, principal, async (policy, caller) => {
      const authorizer = createAuthorizer(await accessCard(policy));
      const check = (kind: 'tool' | 'resource', method: string, name: string): void => {
        const { effect, reason } = authorizer.decide(caller, call(method, kind, name));
        const seen = authorizer.sees(caller, { kind, name });
        expect(seen).toBe(naivelySeen(policy, caller, kind, name));
        if (seen) expect(effect === 'allow' || reason === 'condition').toBe(true);
        else expect(effect).toBe('deny');
      };
      for (const name of names) check('tool', 'tools/call', name);
      for (const name of uris) check('resource', 'resources/read', name);
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

function failed(steps: readonly { readonly check: string; readonly outcome: string }[]): readonly string[] {
  return steps.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check);
}

function reversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  ) as T;
}
