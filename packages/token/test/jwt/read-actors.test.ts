import { describe, expect, it } from 'vitest';
import { readActors } from '../../src/jwt/read-actors.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

function chain(length: number): object | undefined {
  return length === 0 ? undefined : { sub: `actor-${length}`, act: chain(length - 1) };
}

describe('readActors', () => {
  it('lists the chain, outermost actor first (B-87)', () => {
    const actors = readActors({ sub: 'agent', iss: 'https://a', act: { sub: 'gateway' } });
    expect(actors).toEqual([{ subject: 'agent', issuer: 'https://a' }, { subject: 'gateway' }]);
    expect(Object.isFrozen(actors) && actors.every(Object.isFrozen)).toBe(true);
  });

  it('is empty without act', () => {
    expect(readActors(undefined)).toEqual([]);
  });

  it('accepts eight actors and no more', async () => {
    expect(readActors(chain(8) as never)).toHaveLength(8);
    await expectRefusal(() => readActors(chain(9) as never), 'malformed_token', 401);
  });

  it('refuses links that are not objects with a printable sub', async () => {
    for (const act of [
      null,
      'agent',
      1,
      [],
      {},
      { sub: 1 },
      { sub: '' },
      { sub: 'a\nb' },
      { sub: 'a', iss: 1 },
      { sub: 'a', act: null },
      { sub: 'x'.repeat(256) },
    ]) {
      await expectRefusal(() => readActors(act), 'malformed_token', 401);
    }
  });
});
