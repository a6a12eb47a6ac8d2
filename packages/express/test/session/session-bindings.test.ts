import { createMemoryKeyValueStore, type KeyValueStore, type Principal } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createSessionBindings } from '../../src/session/session-bindings.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

const alice = { issuer: 'https://idp.example', subject: 'alice', clientId: 'app' } as Principal;
const others: readonly [string, Principal][] = [
  ['another subject', { ...alice, subject: 'bob' }],
  ['the same subject of another issuer', { ...alice, issuer: 'https://other.example' }],
  ['the same subject with another client', { ...alice, clientId: 'other' }],
  ['the same subject without a client', { ...alice, clientId: null }],
];

function createStore(): { store: KeyValueStore; seen: string[] } {
  const inner = createMemoryKeyValueStore({ maxEntries: 100 });
  const seen: string[] = [];
  const note = <T extends unknown[], R>(act: (...args: T) => R) => {
    return (...args: T): R => {
      seen.push(args.join(' '));
      return act(...args);
    };
  };
  return { store: { get: note(inner.get), set: note(inner.set), delete: note(inner.delete) }, seen };
}

describe('createSessionBindings', () => {
  it('lets only the principal that opened a session use it', async () => {
    const sessions = createSessionBindings(createStore().store);
    await sessions.bind('s-1', alice);
    await expect(sessions.requireOwner('s-1', { ...alice, scopes: ['other'] })).resolves.toBeUndefined();
    for (const [, other] of others) await expectRefusal(() => sessions.requireOwner('s-1', other), 'cross_principal');
  });

  it('tells a foreign session and an unknown one apart for the log only', async () => {
    const sessions = createSessionBindings(createStore().store);
    await sessions.bind('s-1', alice);
    const foreign = await expectRefusal(
      () => sessions.requireOwner('s-1', others[0]?.[1] as Principal),
      'cross_principal',
    );
    const unknown = await expectRefusal(() => sessions.requireOwner('s-2', alice), 'session_unknown');
    const shown = ({ status, code, message, rpcCode, data }: typeof foreign): unknown => ({
      status,
      code,
      message,
      rpcCode,
      data,
    });
    expect(shown(foreign)).toEqual(shown(unknown));
    expect(foreign.status).toBe(404);
  });

  it('knows an ended session no more', async () => {
    const sessions = createSessionBindings(createStore().store);
    await sessions.bind('s-1', alice);
    await sessions.end('s-1');
    await expectRefusal(() => sessions.requireOwner('s-1', alice), 'session_unknown');
  });

  it('keeps no session id, only its hash', async () => {
    const { store, seen } = createStore();
    const sessions = createSessionBindings(store);
    await sessions.bind('a-session-id', alice);
    await sessions.requireOwner('a-session-id', alice);
    await sessions.end('a-session-id');
    expect(seen).toHaveLength(4);
    expect(seen.join('\n')).not.toContain('a-session-id');
  });
});
