import { SetupError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { resolveDpop, type DpopOptions } from '../../src/binding/dpop-options.ts';

const resource = 'https://mcp.example.com/mcp';

describe('resolveDpop', () => {
  it('is off by default and fills what is left out', () => {
    const defaults = {
      algorithms: ['ES256', 'EdDSA', 'PS256', 'RS256'],
      iatWindowSeconds: 60,
      strictHtu: false,
      nonce: false,
      nonceKey: undefined,
      nonceLifetimeSeconds: 300,
    };
    expect(resolveDpop(undefined, resource)).toEqual({ ...defaults, mode: 'off' });
    expect(resolveDpop({ mode: 'require', iatWindowSeconds: 300 }, resource)).toEqual({
      ...defaults,
      mode: 'require',
      iatWindowSeconds: 300,
    });
  });

  const wrong: readonly [string, DpopOptions, string?][] = [
    ['dpop.mode', { mode: 'on' as 'off' }],
    ['dpop.algorithms', { mode: 'accept', algorithms: [] }],
    ['dpop.algorithms', { mode: 'accept', algorithms: ['ES256', 'HS256'] }],
    ['dpop.algorithms', { mode: 'accept', algorithms: ['none'] }],
    ['dpop.iatWindowSeconds', { mode: 'accept', iatWindowSeconds: 0 }],
    ['dpop.iatWindowSeconds', { mode: 'accept', iatWindowSeconds: 301 }],
    ['dpop.iatWindowSeconds', { mode: 'accept', iatWindowSeconds: Number.NaN }],
    ['dpop.nonceLifetimeSeconds', { mode: 'accept', nonceLifetimeSeconds: 9 }],
    ['dpop.nonceKey', { mode: 'accept', nonceKey: 'short' }],
    ['resource', { mode: 'accept' }, 'urn:example:mcp'],
  ];
  for (const [field, options, where] of wrong) {
    it(`stops the start when ${field} is wrong: ${JSON.stringify(options)}`, () => {
      let error: unknown;
      try {
        resolveDpop(options, where ?? resource);
      } catch (caught) {
        error = caught;
      }
      expect(error).toBeInstanceOf(SetupError);
      expect(error).toMatchObject({ field });
      expect((error as Error).message).not.toContain('short;');
    });
  }
});
