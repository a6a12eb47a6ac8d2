import { afterAll, beforeAll, describe } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { startLocalIssuer, type LocalIssuer } from './support/local-issuer.ts';
import { verifies } from './support/verifies.ts';

const T1 = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const T2 = '82229342-1101-4ab6-817b-70c0747630f3';
const idToken = { nonce: 'n', at_hash: 'h' };

let keycloak: LocalIssuer;
let okta: LocalIssuer;
let entra: LocalIssuer;
let guard: Guard;
beforeAll(async () => {
  [keycloak, okta, entra] = await Promise.all([startLocalIssuer(), startLocalIssuer(), startLocalIssuer()]);
  guard = await openGuard({
    issuers: (idp) => [
      { issuer: idp.issuer },
      { issuer: keycloak.url, profile: 'keycloak' },
      { issuer: okta.url, profile: 'okta' },
      {
        issuer: `${entra.url}/{tenantid}/v2.0`,
        profile: 'entra',
        tenants: [T1],
        jwksUri: `${entra.url}/jwks`,
        appOnlyRoles: true,
      },
    ],
  });
});
afterAll(async () => {
  await guard.close();
  await Promise.all([keycloak, okta, entra].map((issuer) => issuer.close()));
});

const JWT = { typ: 'JWT' };

function keycloakToken(changes: object = {}): string {
  return guard.watch(keycloak.sign({ client_id: undefined, azp: 'client-1', typ: 'Bearer', ...changes }, JWT));
}

function oktaToken(changes: object = {}): string {
  const claims = {
    client_id: undefined,
    cid: 'client-1',
    scope: undefined,
    scp: ['echo:call'],
    jti: 'AT.1',
    ...changes,
  };
  return guard.watch(okta.sign(claims, { typ: undefined }));
}

function entraToken(tenant: string, changes: object = {}): string {
  const claims = {
    iss: `${entra.url}/${tenant}/v2.0`,
    tid: tenant,
    client_id: undefined,
    azp: 'client-1',
    scope: undefined,
    scp: 'echo:call',
  };
  return guard.watch(entra.sign({ ...claims, ...changes }, JWT));
}

describe('an access token of a provider that does not follow RFC 9068', () => {
  verifies('TOKEN-PROFILE-KIND', 'is accepted with its profile', async () => {
    for (const token of [keycloakToken(), oktaToken(), entraToken(T1)]) await guard.expectAnswered({ token });
  });

  verifies('TOKEN-PROFILE-KIND', 'is refused without it, although the key is right', async () => {
    await guard.expectRefused('typ_mismatch', { token: await guard.token({ header: JWT }) });
  });

  verifies('TOKEN-PROFILE-KIND', 'is not accepted in another kind (B-23, B-25, B-26)', async () => {
    await guard.expectRefused('token_type_confusion', { token: keycloakToken({ typ: 'ID', ...idToken }) });
    await guard.expectRefused('token_type_confusion', { token: keycloakToken({ typ: 'Refresh' }) });
    await guard.expectRefused('token_type_confusion', { token: oktaToken({ jti: 'ID.1' }) });
    await guard.expectRefused('token_type_confusion', { token: entraToken(T1, { azp: undefined, ...idToken }) });
    const idJag = guard.watch(keycloak.sign({}, { typ: 'oauth-id-jag+jwt' }));
    await guard.expectRefused('typ_mismatch', { token: idJag });
  });

  verifies(
    'TOKEN-PROFILE-ONE-SOURCE',
    'grants what the claim of its profile says, and nothing of another claim (B-54, B-57)',
    async () => {
      await guard.expectRefused(
        'insufficient_scope',
        { token: oktaToken({ scp: undefined, scope: 'echo:call' }) },
        { scope: 'echo:call' },
      );
      await guard.expectRefused(
        'insufficient_scope',
        { token: oktaToken({ scp: 'echo:call' }) },
        { scope: 'echo:call' },
      );
      await guard.expectRefused(
        'insufficient_scope',
        { token: keycloakToken({ scope: ['echo:call'] }) },
        { scope: 'echo:call' },
      );
      await guard.expectRefused('malformed_token', { token: oktaToken({ cid: undefined, client_id: 'client-1' }) });
    },
  );

  verifies(
    'TOKEN-PROFILE-ROLES',
    'grants roles only to an application without a user, where that is configured (B-58)',
    async () => {
      await guard.expectRefused(
        'insufficient_scope',
        { token: entraToken(T1, { scp: 'notes:read', roles: ['echo:call'] }) },
        { scope: 'echo:call' },
      );
      await guard.expectRefused(
        'insufficient_scope',
        { token: entraToken(T1, { scp: undefined, roles: ['echo:call'] }) },
        { scope: 'echo:call' },
      );
      await guard.expectAnswered({ token: entraToken(T1, { scp: undefined, roles: ['echo:call'], idtyp: 'app' }) });
    },
  );

  verifies('TOKEN-PROFILE-TENANTS', 'of a tenant that is not listed is from an unknown issuer (B-39)', async () => {
    await guard.expectRefused('iss_unknown', { token: entraToken(T2) });
    await guard.expectRefused('iss_unknown', { token: entraToken(T1, { tid: T2 }) });
    await guard.expectRefused('iss_unknown', { token: entraToken('{tenantid}') });
  });
});
