import { isJsonObject, type JsonValue } from '@sallyport/core';
import type { Claims } from '../jwt/decode-jwt.ts';
import { isIdentifier } from '../jwt/identifier.ts';
import { claimAt, type ClaimPath } from './claim-path.ts';
import type { IssuerProfile, ScopeForm } from './issuer-profile.ts';

/** Where an issuer keeps things, instead of where its profile says. Each replaces one source; nothing is ever merged. */
export interface ClaimOverrides {
  /** A string with spaces or a list of strings. */
  readonly scopes?: ClaimPath | undefined;
  readonly clientId?: ClaimPath | undefined;
  readonly tenant?: ClaimPath | undefined;
  readonly groups?: ClaimPath | undefined;
  readonly roles?: ClaimPath | undefined;
}

/** Reads who a token is about, after it was verified. */
export interface ClaimMap {
  /** Not checked for its form. */
  clientId(claims: Claims): JsonValue | undefined;
  /** Without duplicates, in the order of the token, frozen. */
  scopes(claims: Claims): readonly string[];
  tenant(claims: Claims): string | null;
  /** Frozen, without duplicates. */
  groups(claims: Claims): readonly string[];
  /** Frozen, without duplicates. */
  roles(claims: Claims): readonly string[];
  /** Not checked for its form. */
  tokenId(claims: Claims): JsonValue | undefined;
  /** True when the issuer left the groups out because there are too many and only says where they are (OpenID Connect Core §5.6.2). */
  groupsElsewhere(claims: Claims): boolean;
}

/** The longest name of a group or role, in UTF-16 units; directories use distinguished names. */
const MAX_NAME = 1024;
const none: readonly string[] = Object.freeze([]);

export interface ClaimMapOptions {
  readonly profile: IssuerProfile;
  readonly overrides?: ClaimOverrides | undefined;
  /** Grant the `roles` of an application that acts for itself (`idtyp` is `app`) as scopes. Entra only. */
  readonly appOnlyRoles?: boolean | undefined;
}

/** Puts the profile and what replaces parts of it into one map. */
export function createClaimMap(options: ClaimMapOptions): ClaimMap {
  const { profile, overrides = {}, appOnlyRoles = false } = options;
  const clientPaths = overrides.clientId === undefined ? profile.clientId : [overrides.clientId];
  const scopes =
    overrides.scopes === undefined
      ? profile.scopes
      : { path: overrides.scopes, form: 'either' satisfies ScopeForm as ScopeForm };
  const tenantPath = overrides.tenant ?? profile.tenant;
  const groupsPath = overrides.groups ?? profile.groups;
  const rolesPath = overrides.roles ?? profile.roles;

  /** An application without a user. What an administrator granted to it is no role of a user, nor is a user's role a consented scope. */
  const isAppOnly = ({ idtyp, scp }: Claims): boolean =>
    profile.name === 'entra' && (idtyp === undefined ? scp === undefined : idtyp === 'app');

  return {
    clientId(claims) {
      for (const path of clientPaths) {
        const value = claimAt(claims, path);
        if (value !== undefined) return value;
      }
      return undefined;
    },
    scopes(claims) {
      // Only `idtyp` says for certain that there is no user: it has to be there to grant something.
      if (isAppOnly(claims))
        return appOnlyRoles && claims['idtyp'] === 'app' ? readScopes(claims['roles'], 'list') : none;
      return scopes === null ? none : readScopes(claimAt(claims, scopes.path), scopes.form);
    },
    tenant(claims) {
      const value = tenantPath === null ? undefined : claimAt(claims, tenantPath);
      return isIdentifier(value) ? value : null;
    },
    groups: (claims) => (groupsPath === null ? none : readNames(claimAt(claims, groupsPath))),
    roles(claims) {
      if (rolesPath === null || (isAppOnly(claims) && !appOnlyRoles)) return none;
      return readNames(claimAt(claims, rolesPath));
    },
    tokenId: (claims) => claims[profile.tokenId],
    groupsElsewhere(claims) {
      const elsewhere = claims['_claim_names'];
      return typeof groupsPath === 'string' && isJsonObject(elsewhere) && Object.hasOwn(elsewhere, groupsPath);
    },
  };
}

/** Splits at single spaces only (RFC 6749 §3.3): a tab or a comma is a part of the scope and so matches nothing. */
function readScopes(value: JsonValue | undefined, form: ScopeForm): readonly string[] {
  if (typeof value === 'string') {
    return form === 'list' ? none : Object.freeze([...new Set(value.split(' '))].filter((scope) => scope !== ''));
  }
  if (form === 'text' || !isTextList(value)) return none;
  // An entry with a space would be several scopes as soon as somebody writes the list as one string.
  return Object.freeze([...new Set(value)].filter((scope) => scope !== '' && !scope.includes(' ')));
}

/** Names of groups or roles. Some providers write a single one without a list. */
function readNames(value: JsonValue | undefined): readonly string[] {
  const names = typeof value === 'string' ? [value] : isTextList(value) ? value : [];
  return Object.freeze([...new Set(names)].filter((name) => isIdentifier(name, MAX_NAME)));
}

function isTextList(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
