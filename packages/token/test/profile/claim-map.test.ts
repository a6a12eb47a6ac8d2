import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Claims } from '../../src/jwt/decode-jwt.ts';
import { createClaimMap, type ClaimMap, type ClaimMapOptions } from '../../src/profile/claim-map.ts';
import { entra } from '../../src/profile/entra.ts';
import { okta } from '../../src/profile/okta.ts';
import { ping } from '../../src/profile/ping.ts';
import { profiles } from '../../src/profile/profiles.ts';
import { rfc9068 } from '../../src/profile/rfc9068.ts';

function map(changes: Partial<ClaimMapOptions> = {}): ClaimMap {
  return createClaimMap({ profile: rfc9068, ...changes });
}

function claims(value: object): Claims {
  return value as Claims;
}

describe('the scopes of a token', () => {
  it('are split at single spaces, without duplicates and empty ones (B-53)', () => {
    const { scopes } = map();
    expect(scopes(claims({ scope: 'a b' }))).toEqual(['a', 'b']);
    expect(scopes(claims({ scope: ' a  b a ' }))).toEqual(['a', 'b']);
    expect(scopes(claims({ scope: 'a\tb,c' }))).toEqual(['a\tb,c']);
    expect(scopes(claims({ scope: '' }))).toEqual([]);
    expect(scopes(claims({}))).toEqual([]);
  });

  it('are none when the claim has another form than the profile knows (B-54)', () => {
    for (const scope of [['a', 'b'], { a: 1 }, true, 1, null]) expect(map().scopes(claims({ scope }))).toEqual([]);
    for (const scp of ['a b', { a: 1 }, true, ['a', 1], null])
      expect(map({ profile: okta }).scopes(claims({ scp }))).toEqual([]);
  });

  it('are read from a list where the profile says so (B-57)', () => {
    expect(map({ profile: okta }).scopes(claims({ scp: ['a', 'b', 'a', ''] }))).toEqual(['a', 'b']);
    expect(map({ profile: ping }).scopes(claims({ scope: ['a', 'b'] }))).toEqual(['a', 'b']);
    expect(map({ profile: ping }).scopes(claims({ scope: 'a b' }))).toEqual(['a', 'b']);
  });

  it('never are two where a list has one with a space', () => {
    expect(map({ profile: okta }).scopes(claims({ scp: ['notes:read notes:admin', 'a'] }))).toEqual(['a']);
  });

  it('come from the one claim of the configuration and from no other (B-59)', () => {
    const { scopes } = map({ overrides: { scopes: 'permissions' } });
    expect(scopes(claims({ scope: 'admin', permissions: ['notes:read'] }))).toEqual(['notes:read']);
    expect(scopes(claims({ scope: 'admin', permissions: 'notes:read echo:call' }))).toEqual([
      'notes:read',
      'echo:call',
    ]);
    expect(scopes(claims({ scope: 'admin' }))).toEqual([]);
  });

  // @verifies TOKEN-PROFILE-ROLES
  it('are not granted by the roles of a user (B-58)', () => {
    const delegated = claims({ scp: 'notes:read', roles: ['notes:admin'], idtyp: 'user' });
    for (const appOnlyRoles of [false, true]) {
      const { scopes, roles } = map({ profile: entra, appOnlyRoles });
      expect(scopes(delegated)).toEqual(['notes:read']);
      expect(scopes(claims({ ...delegated, idtyp: undefined }))).toEqual(['notes:read']);
      expect(roles(delegated)).toEqual(['notes:admin']);
    }
  });

  it('are the roles of an application without a user only where that is configured and idtyp says so (B-58)', () => {
    const appOnly = claims({ roles: ['Notes.Read.All'], idtyp: 'app' });
    expect(map({ profile: entra }).scopes(appOnly)).toEqual([]);
    expect(map({ profile: entra }).roles(appOnly)).toEqual([]);
    const enabled = map({ profile: entra, appOnlyRoles: true });
    expect(enabled.scopes(appOnly)).toEqual(['Notes.Read.All']);
    expect(enabled.scopes(claims({ ...appOnly, scp: 'notes:admin' }))).toEqual(['Notes.Read.All']);
    expect(enabled.scopes(claims({ roles: ['Notes.Read.All'] }))).toEqual([]);
    expect(map({ profile: entra }).roles(claims({ roles: ['Notes.Read.All'] }))).toEqual([]);
  });
});

describe('groups and roles of a token', () => {
  it('come from the one claim of the profile or the configuration', () => {
    const { groups, roles } = map({
      overrides: { groups: 'https://example.com/groups', roles: ['resource_access', 'mcp', 'roles'] },
    });
    const token = claims({
      groups: ['no'],
      roles: ['no'],
      'https://example.com/groups': ['staff', 'staff', 'dba'],
      resource_access: { mcp: { roles: 'editor' } },
    });
    expect(groups(token)).toEqual(['staff', 'dba']);
    expect(roles(token)).toEqual(['editor']);
  });

  it('are none in any other form', () => {
    for (const groups of [[1], [['a']], { a: 1 }, 1, true, null, [''], ['a\nb'], ['x'.repeat(1025)]])
      expect(map().groups(claims({ groups }))).toEqual([]);
  });

  it('are elsewhere when the issuer only says where they are', () => {
    const { groupsElsewhere } = map({ profile: entra });
    expect(groupsElsewhere(claims({ _claim_names: { groups: 'src1' } }))).toBe(true);
    expect(groupsElsewhere(claims({ groups: ['a'] }))).toBe(false);
    expect(groupsElsewhere(claims({ _claim_names: ['groups'] }))).toBe(false);
  });
});

describe('every map', () => {
  it('gives lists of texts and never throws, whatever the claims', () => {
    const name = fc.constantFrom(
      'scope',
      'scp',
      'roles',
      'groups',
      'permissions',
      'realm_access',
      'idtyp',
      'cid',
      'tid',
      '_claim_names',
    );
    fc.assert(
      fc.property(fc.constantFrom(...profiles.values()), fc.dictionary(name, fc.jsonValue()), (profile, payload) => {
        const { scopes, groups, roles, tenant, clientId, groupsElsewhere, tokenId } = createClaimMap({
          profile,
          appOnlyRoles: true,
        });
        const token = claims(payload);
        for (const list of [scopes(token), groups(token), roles(token)]) {
          expect(Object.isFrozen(list)).toBe(true);
          expect(list.every((entry) => typeof entry === 'string' && entry !== '')).toBe(true);
          expect(new Set(list).size).toBe(list.length);
        }
        expect(scopes(token).every((scope) => !scope.includes(' '))).toBe(true);
        expect(tenant(token) === null || typeof tenant(token) === 'string').toBe(true);
        expect(typeof groupsElsewhere(token)).toBe('boolean');
        clientId(token);
        tokenId(token);
      }),
    );
  });
});
