import { SetupError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { accessKey, defineCard, loadCard, type CardInput } from '../../src/index.ts';
import { cardWith, notesAccess } from '../support/access-card.ts';

const identity = { name: 'com.example/notes', version: '1.0.0', description: 'Notes.' };

function problemOf(define: () => unknown): SetupError {
  try {
    define();
  } catch (error) {
    if (error instanceof SetupError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('defineCard', () => {
  it('makes a document that loadCard takes', async () => {
    const document = defineCard({
      ...identity,
      title: 'Notes',
      scopes: { 'notes:read': {}, 'notes:write': { description: 'Change notes', implies: ['notes:read'] } },
      tools: {
        whoami: { scopes: [] },
        'read-note': { anyOf: ['notes:read', ['notes:write']] },
        'write-note': { scopes: ['notes:write'], sensitive: ['/text'], audit: { mode: 'strict' } },
      },
      resources: { 'note:///{id}': { scopes: ['notes:read'], disclosure: 'hide' } },
      _meta: { 'com.example/team': 'notes' },
    });
    const card = await loadCard(document);
    expect(card).toMatchObject({ name: 'com.example/notes', title: 'Notes' });
    expect([...card.access.tools.keys()]).toEqual(['whoami', 'read-note', 'write-note']);
    expect(card.document).toEqual(document);
    expect(document['_meta']).toMatchObject({ 'com.example/team': 'notes' });
  });

  it('makes the same policy as the same card in a file', async () => {
    const built = defineCard({ ...identity, ...(notesAccess as Pick<CardInput, 'scopes' | 'tools'>) });
    expect((await loadCard(built)).policy).toBe((await loadCard(cardWith(notesAccess))).policy);
  });

  it('returns a frozen document that shares nothing with its input', () => {
    const scopes: 'a'[] = [];
    const document = defineCard({ ...identity, scopes: { a: {} }, tools: { t: { scopes } } });
    scopes.push('a');
    expect(document['_meta']).toEqual({ [accessKey]: { scopes: { a: {} }, tools: { t: { scopes: [] } } } });
    expect(Object.isFrozen(document)).toBe(true);
  });

  it('takes a card without a policy: everything is denied', async () => {
    expect((await loadCard(defineCard(identity))).access.tools.size).toBe(0);
  });

  it('checks when it is called, and says where the first mistake is', () => {
    const input = { ...identity, name: 'notes', version: '^1' };
    expect(problemOf(() => defineCard(input))).toMatchObject({ code: 'ERR_CARD_INVALID', field: '/name' });
    expect(problemOf(() => defineCard(input)).message).toContain('; and 1 more mistake (');
  });

  it('refuses scopes that are not declared, for the compiler and when it is called', () => {
    const define = (): unknown =>
      // @ts-expect-error notes:reed is not one of the declared scopes
      defineCard({ ...identity, scopes: { 'notes:read': {} }, tools: { t: { scopes: ['notes:reed'] } } });
    expect(problemOf(define).problem).toBe('"notes:reed" is not a declared scope');
  });

  it('refuses a rule that names no scopes, for the compiler and when it is called', () => {
    // @ts-expect-error scopes or anyOf must be there
    const define = (): unknown => defineCard({ ...identity, tools: { t: { description: 'T' } } });
    expect(problemOf(define).field).toBe('/_meta/dev.sallyport~1access/tools/t/scopes');
  });

  it('refuses sensitive arguments of a resource, which has none', () => {
    // @ts-expect-error a resource has no arguments
    const define = (): unknown => defineCard({ ...identity, resources: { 'a:b': { scopes: [], sensitive: ['/x'] } } });
    expect(problemOf(define).problem).toBe('is not a known field');
  });

  it('refuses a policy that is written twice', () => {
    expect(problemOf(() => defineCard({ ...identity, _meta: { [accessKey]: {} } })).problem).toContain(
      'is written from',
    );
  });

  // @verifies CARD-PROTOTYPE
  it('F-37 takes a tool called __proto__', async () => {
    const tools = JSON.parse('{"__proto__": {"scopes": []}}') as Record<string, { scopes: [] }>;
    expect([...(await loadCard(defineCard({ ...identity, tools }))).access.tools.keys()]).toEqual(['__proto__']);
  });
});
