import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClaims, type Claims } from '../../src/jwt/decode-jwt.ts';
import { claimAt } from '../../src/profile/claim-path.ts';

function claims(json: string): Claims {
  return parseClaims(Buffer.from(json), 'payload');
}

describe('claimAt', () => {
  it('finds a claim by its whole name, dots and slashes included (B-61)', () => {
    const found = claims('{"https://example.com/roles":["a"],"a.b":1,"a":{"b":2}}');
    expect(claimAt(found, 'https://example.com/roles')).toEqual(['a']);
    expect(claimAt(found, 'a.b')).toBe(1);
    expect(claimAt(found, ['a', 'b'])).toBe(2);
  });

  it('leads into nested objects (B-61)', () => {
    const found = claims('{"resource_access":{"mcp":{"roles":["editor"]},"account":{"roles":["view"]}}}');
    expect(claimAt(found, ['resource_access', 'mcp', 'roles'])).toEqual(['editor']);
    expect(claimAt(found, ['resource_access', 'other', 'roles'])).toBeUndefined();
    expect(claimAt(found, ['resource_access', 'mcp', 'roles', '0'])).toBeUndefined();
    expect(claimAt(found, ['resource_access', 'mcp', 'roles', 'length'])).toBeUndefined();
  });

  // @verifies TOKEN-PROFILE-ONE-SOURCE
  it('finds nothing that the payload did not spell out (B-61, B-63)', () => {
    const found = claims('{"a":{},"s":"text","l":[1],"n":null}');
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(claimAt(found, name)).toBeUndefined();
      for (const first of ['a', 's', 'l', 'n']) {
        expect(claimAt(found, [first, name])).toBeUndefined();
        expect(claimAt(found, [first, name, name])).toBeUndefined();
      }
    }
    expect(claimAt(found, [])).toEqual(found);
  });

  it('treats a member called __proto__ as a member', () => {
    const found = claims('{"__proto__":{"scope":"admin"},"a":{"__proto__":{"scope":"admin"}}}');
    expect(claimAt(found, 'scope')).toBeUndefined();
    expect(claimAt(found, ['a', 'scope'])).toBeUndefined();
    expect(claimAt(found, ['a', '__proto__', 'scope'])).toBe('admin');
  });

  it('never finds an inherited value, whatever the payload and the path', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString')), {
          minLength: 1,
          maxLength: 4,
        }),
        (payload, path) => {
          const text = JSON.stringify(payload);
          const found = claimAt(claims(text), path);
          if (found === undefined) return;
          // What was found is a part of the text.
          expect(text).toContain(JSON.stringify(found));
        },
      ),
    );
  });
});
