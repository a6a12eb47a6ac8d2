import { isJsonObject, member, SetupError, type JsonObject, type Principal } from '@sallyport/core';

/** What is known of a caller; the rest is as for somebody about whom the issuer says nothing. */
export interface CallerFacts {
  readonly scopes?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly tenant?: string | undefined;
  readonly subject?: string | undefined;
  readonly acr?: string | undefined;
  /** Seconds since the last active sign-in. */
  readonly authAge?: number | undefined;
}

/** A caller nobody vouches for. `now` in milliseconds. */
export function callerWith(facts: CallerFacts, now: number): Principal {
  const seconds = Math.floor(now / 1000);
  return Object.freeze({
    issuer: '',
    subject: facts.subject ?? 'somebody',
    clientId: null,
    scopes: Object.freeze([...(facts.scopes ?? [])]),
    tenant: facts.tenant ?? null,
    groups: facts.groups ?? [],
    roles: facts.roles ?? [],
    actors: [],
    proof: 'jwt',
    tokenId: null,
    sessionId: null,
    issuedAt: null,
    expiresAt: seconds + 3600,
    acr: facts.acr ?? null,
    amr: [],
    authTime: facts.authAge === undefined ? null : seconds - facts.authAge,
  });
}

/**
 * The caller of a token whose claims are read without being verified, at the places where RFC 9068 has them.
 *
 * @throws SetupError `ERR_CLI_TOKEN` for what is no JWT.
 */
export function unverifiedCaller(token: string, now: number): Principal {
  const claims = claimsOf(token);
  if (claims === undefined) {
    throw new SetupError({
      code: 'ERR_CLI_TOKEN',
      field: '--token-file',
      problem: 'is no JWT, so it says nothing without its issuer',
      remedy: 'use --config, with which the issuer is asked, or say what the caller has with --scopes',
    });
  }
  const text = (name: string): string | undefined => {
    const value = member(claims, name);
    return typeof value === 'string' ? value : undefined;
  };
  const age = member(claims, 'auth_time');
  const caller = callerWith(
    {
      scopes: listOf(member(claims, 'scope') ?? member(claims, 'scp')),
      groups: listOf(member(claims, 'groups')),
      roles: listOf(member(claims, 'roles')),
      tenant: text('tid') ?? text('tenant'),
      subject: text('sub'),
      acr: text('acr'),
      authAge: typeof age === 'number' ? Math.floor(now / 1000) - age : undefined,
    },
    now,
  );
  const expiresAt = member(claims, 'exp');
  return Object.freeze({
    ...caller,
    issuer: text('iss') ?? '',
    clientId: text('client_id') ?? null,
    ...(typeof expiresAt === 'number' && { expiresAt }),
  });
}

function claimsOf(token: string): JsonObject | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isJsonObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((item) => item !== '');
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
