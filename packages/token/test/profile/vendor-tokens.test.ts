import type { Reason } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IssuerOptions } from '../../src/authenticator/issuer-options.ts';
import { bearer, createBench, mint, type Bench } from '../support/authentication.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { createSigningKey } from '../support/signing-key.ts';
import { startTestIssuer, type TestIssuer } from '../support/test-issuer.ts';

const key = createSigningKey('RS256', 'k');
let jwks: TestIssuer;
beforeAll(async () => {
  jwks = await startTestIssuer([key.jwk]);
});
afterAll(() => jwks.close());

const US = 'https://mcp.example.com/mcp';
const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const API = '6e74172b-be56-4843-9ff4-e66a39bb12e3';
const CLIENT = '75dbe77f-10a3-4e59-85fd-8c127544f17c';

/** A token as one provider issues it, and what becomes of it and of tokens like it. */
interface VendorToken {
  readonly name: string;
  readonly options: Omit<IssuerOptions, 'algorithms'>;
  readonly header: Record<string, unknown>;
  /** Without the times. */
  readonly claims: Record<string, unknown>;
  readonly principal: object;
  /** Changes to the claims, or to the header where it says so, that are refused. */
  readonly refused: readonly [
    what: string,
    changes: Record<string, unknown>,
    reason: Reason,
    header?: Record<string, unknown>,
  ][];
}

const entraV2: VendorToken = {
  name: 'Entra, version 2.0, a user',
  options: { issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`, profile: 'entra', audience: [API] },
  header: { typ: 'JWT', alg: 'RS256', kid: 'k' },
  claims: {
    aud: API,
    iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
    aio: 'AXQAi/8IAAAAtAaZLo3ChMif6KOnttRB7eBq4',
    azp: CLIENT,
    azpacr: '0',
    groups: ['5d5d2c3b-0a5c-4b5e-9a3f-7f2f5b1f0a11'],
    name: 'Abe Lincoln',
    oid: '690222be-ff1a-4d56-abd1-7e4f7d38e474',
    preferred_username: 'abeli@microsoft.com',
    rh: 'I',
    roles: ['Editor'],
    scp: 'notes:read notes:write',
    sub: 'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ',
    tid: TENANT,
    uti: 'fqiBqXLPj0eQa82S-IYFAA',
    ver: '2.0',
  },
  principal: {
    subject: 'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ',
    clientId: CLIENT,
    scopes: ['notes:read', 'notes:write'],
    tenant: TENANT,
    groups: ['5d5d2c3b-0a5c-4b5e-9a3f-7f2f5b1f0a11'],
    roles: ['Editor'],
    tokenId: 'fqiBqXLPj0eQa82S-IYFAA',
  },
  refused: [
    [
      'an ID token of the same application (B-23)',
      { azp: undefined, azpacr: undefined, scp: undefined, nonce: '678910' },
      'token_type_confusion',
    ],
    ['an ID token without a nonce (B-23)', { azp: undefined, scp: undefined }, 'token_type_confusion'],
    ['a token for Microsoft Graph', { aud: '00000003-0000-0000-c000-000000000000' }, 'aud_mismatch'],
    ['the resource where the application id is configured (B-34)', { aud: US }, 'aud_mismatch'],
    [
      'a token of another tenant than its issuer (B-39)',
      { tid: '82229342-1101-4ab6-817b-70c0747630f3' },
      'iss_unknown',
    ],
    ['an issuer of version 1.0', { iss: `https://sts.windows.net/${TENANT}/` }, 'iss_unknown'],
    [
      'the issuer of another tenant (B-39)',
      { iss: 'https://login.microsoftonline.com/82229342-1101-4ab6-817b-70c0747630f3/v2.0' },
      'iss_unknown',
    ],
    ['the token of an RFC 9068 issuer', {}, 'typ_mismatch', { typ: 'at+jwt', alg: 'RS256', kid: 'k' }],
  ],
};

const entraV1: VendorToken = {
  name: 'Entra, version 1.0',
  options: { issuer: `https://sts.windows.net/${TENANT}/`, profile: 'entra', audience: ['api://notes'] },
  header: { typ: 'JWT', alg: 'RS256', x5t: 'k', kid: 'k' },
  claims: {
    aud: 'api://notes',
    iss: `https://sts.windows.net/${TENANT}/`,
    acr: '1',
    appid: CLIENT,
    appidacr: '0',
    scp: 'user_impersonation',
    sub: 'l3_roISQU222bULS9yi2k0XpqpOiMz5H3ZACo1GeXA',
    tid: TENANT,
    uti: 'FVsGxYXI30-TuikuuUoFAA',
    ver: '1.0',
  },
  principal: { clientId: CLIENT, scopes: ['user_impersonation'], tenant: TENANT },
  refused: [['a token of version 2.0', { iss: `https://login.microsoftonline.com/${TENANT}/v2.0` }, 'iss_unknown']],
};

const entraApplication: VendorToken = {
  name: 'Entra, an application without a user',
  options: { ...entraV2.options, appOnlyRoles: true },
  header: entraV2.header,
  claims: {
    ...entraV2.claims,
    scp: undefined,
    groups: undefined,
    idtyp: 'app',
    roles: ['Notes.Read.All'],
    sub: '02223b6b-aa1d-42d4-9ec0-1b2bb9194438',
    oid: '02223b6b-aa1d-42d4-9ec0-1b2bb9194438',
  },
  principal: { scopes: ['Notes.Read.All'], roles: ['Notes.Read.All'], clientId: CLIENT },
  refused: [],
};

const oktaToken: VendorToken = {
  name: 'Okta, a custom authorization server',
  options: { issuer: 'https://acme.okta.com/oauth2/default', profile: 'okta', audience: ['api://default'] },
  header: { kid: 'k', alg: 'RS256' },
  claims: {
    ver: 1,
    jti: 'AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE',
    iss: 'https://acme.okta.com/oauth2/default',
    aud: 'api://default',
    cid: 'nmdP1fcyvdVO11AL7ECm',
    uid: '00ujmkLgagxeRrAg20g3',
    scp: ['openid', 'notes:read'],
    sub: 'john@acme.com',
    groups: ['Everyone', 'dba'],
  },
  principal: {
    subject: 'john@acme.com',
    clientId: 'nmdP1fcyvdVO11AL7ECm',
    scopes: ['openid', 'notes:read'],
    groups: ['Everyone', 'dba'],
  },
  refused: [
    [
      'an ID token (B-23)',
      { jti: 'ID.radCQMOQUmyvcTBmmIL0J6BaS60apUEiC7', aud: 'nmdP1fcyvdVO11AL7ECm', scp: undefined, cid: undefined },
      'token_type_confusion',
    ],
    [
      'an ID token whose client is the audience (B-23)',
      { jti: 'ID.radCQMOQUmyvcTBmmIL0J6BaS60apUEiC7' },
      'token_type_confusion',
    ],
    ['a token of the org authorization server', { aud: 'https://acme.okta.com' }, 'aud_mismatch'],
    ['a token without cid (B-51)', { cid: undefined, client_id: 'x', azp: 'x' }, 'malformed_token'],
  ],
};

const auth0Token: VendorToken = {
  name: 'Auth0, its own token profile',
  options: { issuer: 'https://acme.eu.auth0.com/', profile: 'auth0', strictAudience: true },
  header: { alg: 'RS256', typ: 'JWT', kid: 'k' },
  claims: {
    iss: 'https://acme.eu.auth0.com/',
    sub: 'auth0|6553da60a54af58e29493993',
    aud: [US, 'https://acme.eu.auth0.com/userinfo'],
    azp: 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja',
    scope: 'openid profile notes:read',
    permissions: ['notes:admin'],
    org_id: 'org_9ybsU1dN2dKfDkBi',
    gty: 'authorization_code',
  },
  principal: {
    subject: 'auth0|6553da60a54af58e29493993',
    clientId: 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja',
    scopes: ['openid', 'profile', 'notes:read'],
    tenant: 'org_9ybsU1dN2dKfDkBi',
    tokenId: null,
  },
  refused: [
    [
      'an ID token (B-23)',
      { aud: 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja', azp: undefined, scope: undefined, nonce: 'n' },
      'token_type_confusion',
    ],
    ['a token for another API too', { aud: [US, 'https://other.example'] }, 'aud_mismatch'],
    ['a token for userinfo only', { aud: 'https://acme.eu.auth0.com/userinfo' }, 'aud_mismatch'],
    ['the issuer without its slash', { iss: 'https://acme.eu.auth0.com' }, 'iss_unknown'],
  ],
};

const auth0Standard: VendorToken = {
  ...auth0Token,
  name: 'Auth0, the RFC 9068 token profile with permissions as scopes',
  options: { ...auth0Token.options, claims: { scopes: 'permissions' } },
  header: { alg: 'RS256', typ: 'at+jwt', kid: 'k' },
  claims: {
    ...auth0Token.claims,
    azp: undefined,
    client_id: 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja',
    jti: '73WakrfVbNJBaAmhQtEeDv',
  },
  principal: {
    clientId: 'K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja',
    scopes: ['notes:admin'],
    tokenId: '73WakrfVbNJBaAmhQtEeDv',
  },
  refused: [],
};

const keycloakToken: VendorToken = {
  name: 'Keycloak',
  options: { issuer: 'https://sso.acme.com/realms/acme', profile: 'keycloak' },
  header: { alg: 'RS256', typ: 'JWT', kid: 'k' },
  claims: {
    jti: 'onrtac:312ee6c2-7a3c-4f0e-9b0d-0d2f9b6a9f6e',
    iss: 'https://sso.acme.com/realms/acme',
    aud: [US, 'account'],
    sub: 'f1c4f64e-2c0c-4cda-8c9f-9f3f8f3a2b0e',
    typ: 'Bearer',
    azp: 'mcp-inspector',
    sid: '4c0a3a8a-3a47-4f2f-8e89-9e5f9b0a0a0a',
    'allowed-origins': ['https://app.acme.com'],
    realm_access: { roles: ['default-roles-acme', 'operator'] },
    resource_access: { account: { roles: ['manage-account'] } },
    scope: 'openid notes:read',
    groups: ['/platform/architecture'],
  },
  principal: {
    clientId: 'mcp-inspector',
    scopes: ['openid', 'notes:read'],
    roles: ['default-roles-acme', 'operator'],
    groups: ['/platform/architecture'],
  },
  refused: [
    ['an ID token (B-26)', { typ: 'ID', aud: US }, 'token_type_confusion'],
    ['a refresh token (B-26)', { typ: 'Refresh' }, 'token_type_confusion'],
    ['an offline token (B-26)', { typ: 'Offline' }, 'token_type_confusion'],
    ['a logout token (B-25)', { typ: 'Logout', events: {} }, 'token_type_confusion'],
    ['a token without typ (B-26)', { typ: undefined }, 'token_type_confusion'],
    ['a token whose only audience is account', { aud: 'account' }, 'aud_mismatch'],
    ['a token without aud', { aud: undefined }, 'aud_mismatch'],
  ],
};

const keycloakClientRoles: VendorToken = {
  ...keycloakToken,
  name: 'Keycloak with at+jwt and the roles of a client',
  options: { ...keycloakToken.options, claims: { roles: ['resource_access', 'account', 'roles'] } },
  header: { alg: 'RS256', typ: 'at+jwt', kid: 'k' },
  claims: { ...keycloakToken.claims, typ: undefined },
  principal: { roles: ['manage-account'] },
  refused: [['a refresh token all the same', { typ: 'Refresh' }, 'token_type_confusion']],
};

const cognitoToken: VendorToken = {
  name: 'Cognito',
  options: {
    issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example',
    profile: 'cognito',
    audience: ['xxxxxxxxxxxxexample', US],
  },
  header: { kid: 'k', alg: 'RS256' },
  claims: {
    sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    device_key: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    'cognito:groups': ['admin'],
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin notes/read',
    iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example',
    version: 2,
    jti: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    origin_jti: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    client_id: 'xxxxxxxxxxxxexample',
    username: 'my-test-user',
  },
  principal: {
    clientId: 'xxxxxxxxxxxxexample',
    scopes: ['aws.cognito.signin.user.admin', 'notes/read'],
    groups: ['admin'],
  },
  refused: [
    [
      'an ID token (B-23)',
      { token_use: 'id', aud: 'xxxxxxxxxxxxexample', client_id: undefined, scope: undefined },
      'token_type_confusion',
    ],
    ['a token that does not say what it is', { token_use: undefined }, 'token_type_confusion'],
    ['a token of another app client', { client_id: 'another' }, 'aud_mismatch'],
    ['a token that was asked for another resource', { aud: 'https://other.example' }, 'aud_mismatch'],
    [
      'a token with typ at+jwt, which is not from Cognito',
      {},
      'typ_mismatch',
      { typ: 'at+jwt', alg: 'RS256', kid: 'k' },
    ],
  ],
};

const cognitoResource: VendorToken = {
  ...cognitoToken,
  name: 'Cognito, asked for a resource',
  claims: { ...cognitoToken.claims, aud: US, client_id: 'another' },
  principal: { clientId: 'another' },
  refused: [],
};

const googleToken: VendorToken = {
  name: 'Google, the identity of a service account',
  options: { issuer: 'https://accounts.google.com', profile: 'google', allowedClients: ['112010400000000710080'] },
  header: { alg: 'RS256', kid: 'k', typ: 'JWT' },
  claims: {
    aud: US,
    azp: '112010400000000710080',
    email: 'agent@project.iam.gserviceaccount.com',
    email_verified: true,
    iss: 'https://accounts.google.com',
    sub: '112010400000000710080',
  },
  principal: { subject: '112010400000000710080', clientId: '112010400000000710080', scopes: [], groups: [], roles: [] },
  refused: [
    [
      'the ID token of a sign-in (B-23)',
      { aud: '1234.apps.googleusercontent.com', azp: '1234.apps.googleusercontent.com' },
      'token_type_confusion',
    ],
    [
      'the ID token of a person for us as the backend (B-23)',
      { azp: '1234.apps.googleusercontent.com', hd: 'acme.com' },
      'token_type_confusion',
    ],
    ['an ID token with at_hash (B-23)', { at_hash: 'x' }, 'token_type_confusion'],
    ['a token for another service', { aud: 'https://other.run.app' }, 'aud_mismatch'],
  ],
};

const pingOne: VendorToken = {
  name: 'PingOne',
  options: {
    issuer: 'https://auth.pingone.eu/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/as',
    profile: 'ping',
    audience: ['notes'],
  },
  header: { alg: 'RS256', kid: 'k' },
  claims: {
    client_id: 'f7f1b9a5-33aa-4a5c-8b1c-5a6c8e7e9d10',
    iss: 'https://auth.pingone.eu/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/as',
    jti: 'c9b7c9d4-7d0e-4b0e-8f3d-2b1d1c8f0a11',
    aud: ['notes'],
    scope: 'openid notes:read',
    sub: '5d5d2c3b-0a5c-4b5e-9a3f-7f2f5b1f0a11',
    sid: 'b9f1c1d7-2a57-4a0b-8f2a-0f8e2f1f7c11',
    env: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490',
    org: '82229342-1101-4ab6-817b-70c0747630f3',
  },
  principal: {
    clientId: 'f7f1b9a5-33aa-4a5c-8b1c-5a6c8e7e9d10',
    scopes: ['openid', 'notes:read'],
    tenant: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490',
  },
  refused: [
    ['a token of client credentials, which has no sub (B-62)', { sub: undefined, sid: undefined }, 'malformed_token'],
    [
      'an ID token (B-23)',
      { aud: 'f7f1b9a5-33aa-4a5c-8b1c-5a6c8e7e9d10', client_id: undefined, at_hash: 'x' },
      'token_type_confusion',
    ],
  ],
};

const pingFederate: VendorToken = {
  ...pingOne,
  name: 'PingFederate with scopes as a list and one group as text',
  header: { alg: 'RS256', kid: 'k', typ: 'at+jwt' },
  claims: { ...pingOne.claims, scope: ['openid', 'notes:read'], groups: 'dba', env: undefined },
  principal: { scopes: ['openid', 'notes:read'], groups: ['dba'], tenant: null },
  refused: [],
};

const tokens = [
  entraV2,
  entraV1,
  entraApplication,
  oktaToken,
  auth0Token,
  auth0Standard,
  keycloakToken,
  keycloakClientRoles,
  cognitoToken,
  cognitoResource,
  googleToken,
  pingOne,
  pingFederate,
];

function benchFor(token: VendorToken): Bench {
  return createBench({ issuers: [{ algorithms: ['RS256'], jwksUri: jwks.jwksUri, ...token.options }] });
}

function tokenOf(
  b: Bench,
  token: VendorToken,
  changes: object = {},
  header: Record<string, unknown> = token.header,
): string {
  const times = { iat: b.clock.nowSeconds - 10, exp: b.clock.nowSeconds + 300 };
  return mint(key, { ...times, ...token.claims, ...changes }, header);
}

describe.each(tokens.map((token) => [token.name, token] as const))('a token of %s', (_name, token) => {
  it('is accepted, and everything is where its provider puts it', async () => {
    const b = benchFor(token);
    const principal = await b.authenticator.authenticate(bearer(tokenOf(b, token)));
    expect(principal).toMatchObject({ issuer: token.options.issuer, proof: 'jwt', ...token.principal });
    expect(b.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  // @verifies TOKEN-PROFILE-KIND
  it.each(token.refused)('is refused when it is %s', async (_what, changes, reason, header) => {
    const b = benchFor(token);
    await expectRefusal(() => b.authenticator.authenticate(bearer(tokenOf(b, token, changes, header))), reason, 401);
  });

  it.each([
    ['an ID-JAG', 'oauth-id-jag+jwt'],
    ['a logout token', 'logout+jwt'],
    ['a security event', 'secevent+jwt'],
    ['a DPoP proof', 'dpop+jwt'],
    ['a client assertion', 'client-authentication+jwt'],
    ['an introspection response', 'token-introspection+jwt'],
    ['a credential', 'vc+sd-jwt'],
    ['a refresh token', 'rt+jwt'],
  ])('is refused when its type says it is %s (B-25)', async (_what, typ) => {
    const b = benchFor(token);
    const header = { ...token.header, typ };
    await expectRefusal(() => b.authenticator.authenticate(bearer(tokenOf(b, token, {}, header))), 'typ_mismatch', 401);
  });

  it.each(['nonce', 'at_hash', 'c_hash', 's_hash', 'events', 'token_introspection'])(
    'is refused when it has %s, as only other kinds of token do (B-23, B-25)',
    async (claim) => {
      const b = benchFor(token);
      const odd = tokenOf(b, token, { [claim]: 'x' });
      await expectRefusal(() => b.authenticator.authenticate(bearer(odd)), 'token_type_confusion', 401);
    },
  );
});

describe('a strict issuer', () => {
  it('accepts none of these tokens by itself (RFC 9068 §4)', async () => {
    for (const token of tokens.filter(({ header }) => header['typ'] !== 'at+jwt')) {
      const { profile: _, appOnlyRoles: __, claims: ___, ...options } = token.options;
      const b = createBench({ issuers: [{ algorithms: ['RS256'], jwksUri: jwks.jwksUri, ...options }] });
      await expectRefusal(() => b.authenticator.authenticate(bearer(tokenOf(b, token))), 'typ_mismatch', 401);
    }
  });
});

describe('the operator', () => {
  it('hears once that a token has more groups than fit', async () => {
    const b = benchFor(entraV2);
    const changes = {
      groups: undefined,
      _claim_names: { groups: 'src1' },
      _claim_sources: { src1: { endpoint: 'https://graph.windows.net/x' } },
    };
    for (const sub of ['a', 'b']) {
      expect(await b.authenticator.authenticate(bearer(tokenOf(b, entraV2, { ...changes, sub })))).toMatchObject({
        groups: [],
      });
    }
    expect(b.log).toMatchObject([{ level: 'warn', fields: { event: 'sallyport.issuer.groups_elsewhere' } }]);
  });
});
