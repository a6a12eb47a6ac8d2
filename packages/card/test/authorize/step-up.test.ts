import type { Clock, Decision, McpCall, Principal } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../src/index.ts';
import { accessCard } from '../support/access-card.ts';
import { call, listen, notification, principalWith } from '../support/calls.ts';

const now = 1_790_000_000;
const clock: Clock = { now: () => now * 1_000, monotonicNs: () => 0n };

const card = await accessCard({
  scopes: { pay: {}, read: {} },
  tools: {
    strong: { scopes: ['pay'], authentication: { acrValues: ['urn:mfa', 'urn:hwk'] } },
    fresh: { scopes: ['pay'], authentication: { maxAgeSeconds: 300 } },
    both: { scopes: [], authentication: { acrValues: ['urn:mfa'], maxAgeSeconds: 60 } },
    secret: { scopes: ['pay'], disclosure: 'hide', authentication: { maxAgeSeconds: 300 } },
    conditional: { scopes: [], when: 'false', authentication: { maxAgeSeconds: 300 } },
    plain: { scopes: [] },
  },
  resources: {
    'note:///{id}': { scopes: ['read'], authentication: { maxAgeSeconds: 300 } },
    'note:///{+path}': { scopes: [], authentication: { acrValues: ['urn:mfa'] } },
    'cfg:///x': { scopes: [], authentication: { acrValues: ['urn:mfa'] } },
  },
  prompts: { ask: { scopes: [], authentication: { acrValues: ['urn:mfa'] } } },
});
const authorizer = createAuthorizer(card, { clock });

const tool = (name: string): McpCall => call('tools/call', 'tool', name);
const read = (uri: string): McpCall => call('resources/read', 'resource', uri);

type SignIn = Partial<Pick<Principal, 'acr' | 'authTime'>>;

function decide(request: McpCall, signIn: SignIn, ...scopes: string[]): Decision {
  return authorizer.decide(Object.freeze({ ...principalWith(...scopes), ...signIn }), request);
}

function verdict(request: McpCall, signIn: SignIn, ...scopes: string[]): string {
  const { effect, reason } = decide(request, signIn, ...scopes);
  return reason ?? effect;
}

describe('a target that asks for a strong sign-in (B-86, RFC 9470 §3)', () => {
  it.each<[string, SignIn, string]>([
    ['a token that does not say', {}, 'step_up_required'],
    ['another acr', { acr: 'urn:pwd' }, 'step_up_required'],
    ['an acr that differs in case', { acr: 'URN:MFA' }, 'step_up_required'],
    ['several values in one', { acr: 'urn:mfa urn:hwk' }, 'step_up_required'],
    ['the first value', { acr: 'urn:mfa' }, 'allow'],
    ['any other of the values', { acr: 'urn:hwk' }, 'allow'],
    ['a fresh sign-in that is not strong', { authTime: now }, 'step_up_required'],
  ])('%s', (_name, signIn, expected) => {
    expect(verdict(tool('strong'), signIn, 'pay')).toBe(expected);
  });
});

describe('a target that asks for a fresh sign-in (B-86, RFC 9470 §3)', () => {
  it.each<[string, SignIn, string]>([
    ['a token that does not say', {}, 'step_up_required'],
    ['a sign-in just now', { authTime: now }, 'allow'],
    ['a sign-in exactly as long ago', { authTime: now - 300 }, 'allow'],
    ['a sign-in longer ago', { authTime: now - 301 }, 'step_up_required'],
    ['a strong sign-in long ago', { acr: 'urn:mfa', authTime: now - 10_000 }, 'step_up_required'],
  ])('%s', (_name, signIn, expected) => {
    expect(verdict(tool('fresh'), signIn, 'pay')).toBe(expected);
  });

  it('asks the clock at every call, not when the token is first seen', () => {
    let time = now;
    const moving = createAuthorizer(card, { clock: { now: () => time * 1_000, monotonicNs: () => 0n } });
    const principal = Object.freeze({ ...principalWith('pay'), authTime: now });
    expect(moving.decide(principal, tool('fresh')).effect).toBe('allow');
    time += 301;
    expect(moving.decide(principal, tool('fresh')).reason).toBe('step_up_required');
  });
});

describe('what is asked', () => {
  it('is asked together when a target asks for both', () => {
    expect(verdict(tool('both'), { acr: 'urn:mfa', authTime: now - 61 })).toBe('step_up_required');
    expect(verdict(tool('both'), { acr: 'urn:pwd', authTime: now })).toBe('step_up_required');
    expect(verdict(tool('both'), { acr: 'urn:mfa', authTime: now - 60 })).toBe('allow');
    expect(decide(tool('both'), {}).signIn).toEqual({ acrValues: ['urn:mfa'], maxAgeSeconds: 60 });
  });

  it('names the scopes of the operation too, so that a new token has them', () => {
    const { signIn, challengeScopes, requiredScopes, missingScopes, disclosure, rule } = decide(
      tool('strong'),
      {},
      'pay',
    );
    expect({ signIn, challengeScopes, requiredScopes, missingScopes, disclosure, rule }).toEqual({
      signIn: { acrValues: ['urn:mfa', 'urn:hwk'] },
      challengeScopes: ['pay'],
      requiredScopes: ['pay'],
      missingScopes: [],
      disclosure: 'challenge',
      rule: 'tools.strong',
    });
  });

  it('is asked only of a caller who holds the scopes: a missing scope comes first', () => {
    expect(verdict(tool('strong'), {})).toBe('insufficient_scope');
    expect(verdict(tool('strong'), { acr: 'urn:mfa' })).toBe('insufficient_scope');
  });

  it('does not give a hidden target away', () => {
    expect(decide(tool('secret'), {})).toMatchObject({ reason: 'insufficient_scope', disclosure: 'hide' });
    expect(decide(tool('secret'), {}, 'pay')).toMatchObject({ reason: 'step_up_required', disclosure: 'challenge' });
  });

  it('comes after the condition: a new sign-in would not help there', () => {
    expect(verdict(tool('conditional'), {})).toBe('condition');
  });

  it('is asked of resources, prompts, completions and subscriptions like of tools', () => {
    const strong = { acr: 'urn:mfa' };
    for (const request of [
      read('cfg:///x'),
      call('prompts/get', 'prompt', 'ask'),
      call('completion/complete', 'prompt', 'ask'),
      listen('cfg:///x'),
    ]) {
      expect(verdict(request, {})).toBe('step_up_required');
      expect(verdict(request, strong)).toBe('allow');
    }
  });

  it('is asked of every rule that covers a resource', () => {
    expect(verdict(read('note:///1'), { acr: 'urn:mfa', authTime: now }, 'read')).toBe('allow');
    expect(decide(read('note:///1'), { acr: 'urn:mfa' }, 'read').signIn).toEqual({ acrValues: [], maxAgeSeconds: 300 });
    expect(decide(read('note:///1'), { authTime: now }, 'read').signIn).toEqual({ acrValues: ['urn:mfa'] });
    expect(verdict(read('note:///1'), {})).toBe('insufficient_scope');
    expect(verdict(listen('note:///1', 'cfg:///x'), { acr: 'urn:mfa' }, 'read')).toBe('step_up_required');
  });

  it('is asked before a notification is refused for being one', () => {
    expect(verdict(notification(tool('both')), {})).toBe('step_up_required');
  });

  it('hides nothing from lists: a caller may see what a new sign-in would open', () => {
    expect(authorizer.sees(principalWith('pay'), { kind: 'tool', name: 'strong' })).toBe(true);
  });

  it('is not asked where the card asks for nothing', () => {
    expect(verdict(tool('plain'), {})).toBe('allow');
  });
});
