import { describe, expect, it } from 'vitest';
import { hiddenScopes } from '../../src/access/hidden-scopes.ts';
import { accessCard } from '../support/access-card.ts';

async function hiddenOf(access: unknown): Promise<readonly string[]> {
  return [...hiddenScopes((await accessCard(access)).access)];
}

const gate = { scopes: ['gate'], disclosure: 'hide' };

describe('hidden scopes', () => {
  it('are those that only hidden targets use', async () => {
    const scopes = { gate: {}, shared: {}, open: {}, unused: {} };
    const tools = { h: { scopes: ['gate', 'shared'], disclosure: 'hide' }, o: { scopes: ['shared'], anyOf: ['open'] } };
    expect(await hiddenOf({ scopes, tools })).toEqual(['gate']);
  });

  it('are used by alternatives and step-ups as well', async () => {
    const scopes = { gate: {}, large: {}, x: {} };
    const prompts = { h: { anyOf: ['gate', 'x'], when: 'true', stepUp: ['large'], disclosure: 'hide' } };
    expect(await hiddenOf({ scopes, prompts })).toEqual(['gate', 'x', 'large']);
  });

  it('include a scope that nothing uses and that leads only to them', async () => {
    const scopes = { super: { implies: ['gate'] }, broad: { implies: ['gate', 'open'] }, gate: {}, open: {} };
    const resources = { 'secret:x': gate, 'open:x': { scopes: ['open'] } };
    expect(await hiddenOf({ scopes, resources })).toEqual(['gate', 'super']);
  });
});
