import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryAdapter } from '../../src/provider/memory-adapter.ts';

describe('createMemoryAdapter', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('keeps an entry until it expires', async () => {
    const sessions = createMemoryAdapter()('Session');
    await sessions.upsert('a', { uid: 'u' }, 10);
    expect(await sessions.find('a')).toEqual({ uid: 'u' });
    expect(await sessions.findByUid('u')).toEqual({ uid: 'u' });
    vi.advanceTimersByTime(10_000);
    expect(await sessions.find('a')).toBeUndefined();
    expect(await sessions.findByUid('u')).toBeUndefined();
  });

  it('keeps models apart', async () => {
    const adapter = createMemoryAdapter();
    await adapter('Client').upsert('a', { clientId: 'a' });
    expect(await adapter('Session').find('a')).toBeUndefined();
    expect(await adapter('Client').find('a')).toEqual({ clientId: 'a' });
  });

  it('marks what was used, finds by user code, and destroys', async () => {
    const codes = createMemoryAdapter()('DeviceCode');
    await codes.upsert('a', { userCode: 'ABC' }, 10);
    await codes.consume('a');
    await codes.consume('unknown');
    expect(await codes.findByUserCode('ABC')).toHaveProperty('consumed');
    await codes.destroy('a');
    expect(await codes.find('a')).toBeUndefined();
  });

  it('revokes everything of a grant', async () => {
    const adapter = createMemoryAdapter();
    await adapter('AccessToken').upsert('a', { grantId: 'g' }, 10);
    await adapter('RefreshToken').upsert('b', { grantId: 'g' }, 10);
    await adapter('AccessToken').upsert('c', { grantId: 'other' }, 10);
    await adapter('AccessToken').revokeByGrantId('g');
    expect(await adapter('AccessToken').find('a')).toBeUndefined();
    expect(await adapter('RefreshToken').find('b')).toBeUndefined();
    expect(await adapter('AccessToken').find('c')).toBeDefined();
  });

  it('does not lose what is alive when it throws expired entries away', async () => {
    const tokens = createMemoryAdapter()('AccessToken');
    await tokens.upsert('long', { grantId: 'g' }, 3600);
    await tokens.upsert('short', { grantId: 'g' }, 1);
    vi.advanceTimersByTime(2000);
    await Promise.all(Array.from({ length: 1000 }, (_, index) => tokens.upsert(`t${index}`, {}, 60)));
    expect(await tokens.find('long')).toBeDefined();
    expect(await tokens.find('t0')).toBeDefined();
    expect(await tokens.find('short')).toBeUndefined();
  });
});
