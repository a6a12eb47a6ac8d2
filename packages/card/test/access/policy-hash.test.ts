import { describe, expect, it } from 'vitest';
import { accessCard, cardWith } from '../support/access-card.ts';
import { loadCard } from '../../src/index.ts';

const scopes = { a: {}, b: { implies: ['a'] } };

async function policyOf(access: unknown): Promise<string> {
  return (await accessCard(access)).policy;
}

describe('the policy hash', () => {
  it('does not depend on the order of keys, of scopes, or on what the card says of the server', async () => {
    const one = await policyOf({ scopes, tools: { x: { scopes: ['a', 'b'] }, y: { scopes: [] } } });
    const other = await policyOf({
      tools: { y: { scopes: [] }, x: { scopes: ['b', 'a'] } },
      scopes: { b: { implies: ['a'] }, a: {} },
    });
    const renamed = await loadCard({
      ...cardWith({ scopes, tools: { x: { scopes: ['a', 'b'] }, y: { scopes: [] } } }),
      version: '2.0.0',
    });
    expect(other).toBe(one);
    expect(renamed.policy).toBe(one);
  });

  it('does not depend on descriptions', async () => {
    const described = { scopes: { a: { description: 'A' } }, tools: { x: { scopes: ['a'], description: 'X' } } };
    expect(await policyOf(described)).toBe(await policyOf({ scopes: { a: {} }, tools: { x: { scopes: ['a'] } } }));
  });

  it('differs for everything that can change a decision or a record', async () => {
    const rule = { scopes: ['a'], when: 'true', stepUp: ['b'] };
    const variants = [
      { tools: { x: rule } },
      { prompts: { x: rule } },
      { tools: { y: rule } },
      { tools: { x: { ...rule, scopes: ['b'] } } },
      { tools: { x: { ...rule, anyOf: ['b'] } } },
      { tools: { x: { ...rule, when: 'false' } } },
      { tools: { x: { ...rule, stepUp: ['a'] } } },
      { tools: { x: { ...rule, disclosure: 'hide' } } },
      { tools: { x: { ...rule, sensitive: ['/x'] } } },
      { tools: { x: { ...rule, audit: { mode: 'available' } } } },
      { tools: { x: { ...rule, audit: { level: 'metadata' } } } },
      { resources: { 'x:y': { scopes: ['a'] } } },
      { tools: { x: { ...rule, authentication: { maxAgeSeconds: 300 } } } },
      { tools: { x: { ...rule, authentication: { acrValues: ['mfa', 'pwd'] } } } },
      { tools: { x: { ...rule, authentication: { acrValues: ['pwd', 'mfa'] } } } },
      { tools: { x: { ...rule, groups: ['dba'] } } },
      { tools: { x: { ...rule, groups: ['dba', 'ops'] } } },
      { tools: { x: { ...rule, roles: ['dba'] } } },
    ];
    const hashes = await Promise.all([
      ...variants.map((variant) => policyOf({ scopes, ...variant })),
      policyOf({ scopes }),
      policyOf({}),
    ]);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is what it was before groups and roles existed, for a policy without them', async () => {
    expect(await policyOf({ scopes, tools: { x: { scopes: ['a'], when: 'true', stepUp: ['b'] } } })).toBe(
      'sha256:94f3264d10cee1f53a01e32c63d08830c959613ac5a9188331f16df7955986d4',
    );
  });

  it('does not depend on the order of groups and roles', async () => {
    const withNames = (...names: string[]): Promise<string> =>
      policyOf({ tools: { x: { scopes: [], groups: names, roles: names } } });
    expect(await withNames('b', 'a')).toBe(await withNames('a', 'b'));
  });
});
