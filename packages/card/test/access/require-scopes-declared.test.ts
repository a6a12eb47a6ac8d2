import { SetupError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { requireScopesDeclared } from '../../src/index.ts';
import { accessCard, notesAccess } from '../support/access-card.ts';

describe('requireScopesDeclared', () => {
  it('accepts scopes that the card declares', async () => {
    const card = await accessCard(notesAccess);
    expect(() => requireScopesDeclared(card, ['notes:read', 'payments:large'])).not.toThrow();
  });

  it('refuses a scope that the card does not declare, and names the field', async () => {
    const card = await accessCard(notesAccess);
    const check = (): void => requireScopesDeclared(card, ['notes:read', 'nots:read'], { file: 'c.yaml' });
    expect(check).toThrow(SetupError);
    expect(check).toThrow('c.yaml: signInScopes[1]: the card does not declare "nots:read"');
  });

  it('refuses a scope that only hidden targets use, because everybody would read it', async () => {
    const card = await accessCard(notesAccess);
    expect(() => requireScopesDeclared(card, ['notes:admin'])).toThrow(
      'only hidden targets of the card use "notes:admin"',
    );
  });

  it('refuses offline_access, which no server may ask for', async () => {
    const card = await accessCard(notesAccess);
    expect(() => requireScopesDeclared(card, ['offline_access'])).toThrow(
      '"offline_access" is between a client and its issuer',
    );
  });
});
