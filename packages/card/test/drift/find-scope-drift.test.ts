import { describe, expect, it } from 'vitest';
import { findDrift, type VisibleScopes } from '../../src/index.ts';
import { accessCard, notesAccess } from '../support/access-card.ts';

const registered = {
  tools: ['whoami', 'read-note', 'write-note', 'purge-notes', 'transfer'],
  resources: ['config:///server'],
  resourceTemplates: ['note:///{id}'],
  prompts: ['summarize'],
};

async function drift(visible: VisibleScopes): Promise<readonly string[]> {
  const findings = findDrift(await accessCard(notesAccess), registered, visible);
  return findings.map(({ kind, target, message }) => `${kind} ${target}: ${message}`);
}

describe('scopes that everybody gets to see', () => {
  it('do not differ when they are declared and the same', async () => {
    expect(await drift({})).toEqual([]);
    expect(await drift({ signInScopes: ['notes:read'], scopesSupported: ['notes:read'] })).toEqual([]);
    expect(await drift({ signInScopes: ['notes:read'] })).toEqual([]);
  });

  it('must be declared in the card', async () => {
    expect(await drift({ signInScopes: ['notes:reed'], scopesSupported: ['notes:reed', 'x'] })).toEqual([
      'undeclared scope: signInScopes names the scope "notes:reed", which the card does not declare',
      'undeclared scope: scopes_supported names the scope "notes:reed", which the card does not declare',
      'undeclared scope: scopes_supported names the scope "x", which the card does not declare',
      'advertised scope: the server advertises the scope "x", which signInScopes does not name',
    ]);
  });

  it('must be the same in the configuration and at the server', async () => {
    expect(await drift({ signInScopes: ['notes:read'], scopesSupported: ['notes:write'] })).toEqual([
      'advertised scope: signInScopes names the scope "notes:read", which the server does not advertise',
      'advertised scope: the server advertises the scope "notes:write", which signInScopes does not name',
    ]);
  });

  // @verifies CARD-DRIFT
  it('must not be those of hidden targets, which are counted and not named', async () => {
    const found = await drift({ signInScopes: ['notes:admin'], scopesSupported: ['notes:admin', 'notes:read'] });
    expect(found.join('\n')).not.toContain('notes:admin');
    expect(found).toContain('exposed scope: signInScopes shows 1 scope that only hidden targets use to everybody');
    expect(found).toContain('exposed scope: scopes_supported shows 1 scope that only hidden targets use to everybody');
  });
});
