import type { Principal } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCursorSeal } from '../../src/cursor/create-cursor-seal.ts';

const resource = 'https://mcp.example.com/mcp';
const key = 'k'.repeat(32);
const who = (over: Partial<Principal> = {}): Principal =>
  ({ issuer: 'https://idp.example', subject: 'alice', clientId: 'c', scopes: [], ...over }) as unknown as Principal;

describe('a sealed cursor', () => {
  const seal = createCursorSeal(resource, key);

  it('opens for whom it was made, whatever it holds, and tells nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (cursor) => {
        const sealed = seal.seal(cursor, who(), 'tools');
        expect(sealed).toMatch(/^[\w-]{38,}$/);
        if (cursor.length > 5) expect(Buffer.from(sealed, 'base64url').includes(cursor)).toBe(false);
        expect(seal.open(sealed, who(), 'tools')).toBe(cursor);
      }),
    );
  });

  it('opens in every process with the same key, and in no other', () => {
    const sealed = seal.seal('page-2', who(), 'tools');
    expect(createCursorSeal(resource, key).open(sealed, who(), 'tools')).toBe('page-2');
    expect(createCursorSeal(resource, 'another'.repeat(6)).open(sealed, who(), 'tools')).toBeUndefined();
    expect(createCursorSeal('https://mcp.example.com/other', key).open(sealed, who(), 'tools')).toBeUndefined();
    const [one, other] = [createCursorSeal(resource, undefined), createCursorSeal(resource, undefined)];
    expect(other.open(one.seal('page-2', who(), 'tools'), who(), 'tools')).toBeUndefined();
  });

  it.each<[string, Principal]>([
    ['another subject', who({ subject: 'bob' })],
    ['another client', who({ clientId: 'd' })],
    ['no client', who({ clientId: null })],
    ['another issuer', who({ issuer: 'https://other.example' })],
  ])('does not open for %s', (_name, other) => {
    expect(seal.open(seal.seal('page-2', who(), 'tools'), other, 'tools')).toBeUndefined();
  });

  it('opens for the same caller with other scopes: what it leads to is filtered anew', () => {
    expect(seal.open(seal.seal('page-2', who(), 'tools'), who({ scopes: ['x'] }), 'tools')).toBe('page-2');
  });

  it('does not open for another list', () => {
    expect(seal.open(seal.seal('page-2', who(), 'tools'), who(), 'prompts')).toBeUndefined();
  });

  it('does not open when anything of it is changed, and never throws', () => {
    const sealed = seal.seal('page-2', who(), 'tools');
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      expect(seal.open(`${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`, who(), 'tools')).toBeUndefined();
      expect(seal.open(sealed.slice(0, at), who(), 'tools')).toBeUndefined();
    }
    for (const wrong of [`${sealed}=`, ` ${sealed}`, `${sealed}\n`, `${sealed}AAAA`, 'page-2', '', '\u0000'])
      expect(seal.open(wrong, who(), 'tools')).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => seal.open(text, who(), 'tools') === undefined));
  });
});
