import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identityKey } from '../../src/principal/principal.ts';

describe('identityKey', () => {
  test('is equal exactly when issuer, subject and client are', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', '\ud800'), maxLength: 3 });
    const identity = fc.record({ issuer: part, subject: part, clientId: fc.option(part) });
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        const same = one.issuer === other.issuer && one.subject === other.subject && one.clientId === other.clientId;
        expect(identityKey(one) === identityKey(other)).toBe(same);
      }),
    );
  });

  test('tells a missing client from one called null', () => {
    expect(identityKey({ issuer: 'i', subject: 's', clientId: null })).not.toBe(
      identityKey({ issuer: 'i', subject: 's', clientId: 'null' }),
    );
  });
});
