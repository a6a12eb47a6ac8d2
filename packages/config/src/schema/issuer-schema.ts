import { z } from 'zod';
import { checkEndpoint, checkIssuer } from '../checks/endpoint-url.ts';
import type { EnterpriseTokenInput, IssuerInput } from '../types/config-input.ts';
import type { EnterpriseTokenValues, IssuerValues } from '../types/config-values.ts';
import { agreed } from './agreement.ts';
import { claimsSchema } from './claims-schema.ts';
import { entry, field, plainText, text } from './field.ts';
import { introspectionSchema } from './introspection-schema.ts';
import { backChannelLogoutSchema } from './revocation-schema.ts';
import { signatureAlgorithms } from './signature-algorithms.ts';

const quoted = signatureAlgorithms.map((algorithm) => `"${algorithm}"`).join(', ');

const profiles = ['rfc9068', 'entra', 'okta', 'auth0', 'keycloak', 'cognito', 'google', 'ping'] as const;

const tenant = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

const issuer = z.strictObject({
  issuer: field(text(checkIssuer).regex(/^https?:\/\//), {
    description:
      'Issuer identifier, byte for byte the `iss` of its tokens, with or without a trailing slash as the issuer writes it (RFC 8414 §2). Must be https; http needs `dangerouslyAllowInsecureIssuers` and a loopback host. For an application that several tenants of Microsoft Entra use: `https://login.microsoftonline.com/{tenantid}/v2.0`, together with `tenants`.',
    expected: 'an absolute https URL without user information, query and fragment',
    example: 'https://login.example.com',
  }),
  tenants: field(
    z.array(entry(tenant, 'a tenant id, a GUID in lower case', '8eaef023-2b34-4da1-9baa-8bc8c9d6a490')).default([]),
    {
      description:
        'Tenants whose tokens are accepted, where `issuer` is a template: required there, and useless elsewhere. A token of another tenant is a token of an unknown issuer.',
      expected: 'a list of tenant ids',
      example: ['8eaef023-2b34-4da1-9baa-8bc8c9d6a490'],
    },
  ),
  audience: field(
    z
      .array(entry(plainText(), 'a non-empty text without white space around it', 'https://mcp.example.com/mcp'))
      .min(1)
      .exactOptional(),
    {
      description:
        'Values of `aud` that mean this server: a token must name at least one of them (RFC 9068 §4). Some identity providers put a client or application id there.',
      expected: 'a non-empty list of audiences',
      example: ['https://mcp.example.com/mcp'],
      defaultText: 'the environment variable `AUDIENCE`, else `resource`',
    },
  ),
  profile: field(z.enum(profiles).default('rfc9068'), {
    description:
      'Which identity provider it is: where its tokens keep type, client, scopes, tenant, groups and roles. `rfc9068` is the standard, and strict. See [identity providers](identity-providers.md).',
    expected: `one of ${profiles.map((name) => `"${name}"`).join(', ')}`,
    example: 'keycloak',
  }),
  claims: field(claimsSchema.exactOptional(), {
    description:
      'Places in the tokens that differ from the profile. Each replaces one source; sources are never merged. A text is the name of a claim, with whatever dots and slashes it has; a list leads into nested objects: `["resource_access", "mcp", "roles"]`.',
    expected: 'an object',
    example: { scopes: 'permissions' },
    defaultText: 'as in the profile',
  }),
  appOnlyRoles: field(z.boolean().default(false), {
    description:
      'With the profile `entra`: grant the application permissions (`roles`) of an application without a user as scopes. Only tokens with `idtyp: "app"` count, an optional claim of the app registration. Roles of users never become scopes.',
    expected: 'true or false',
    example: true,
  }),
  algorithms: field(
    z
      .array(entry(z.enum(signatureAlgorithms), `one of ${quoted}`, 'RS256'))
      .min(1)
      .default(['RS256', 'PS256', 'ES256', 'EdDSA']),
    {
      description:
        'Signature algorithms that are accepted. Only asymmetric ones exist here; `none` and `HS256` can not be configured (RFC 8725 §3.1).',
      expected: `a non-empty list of ${quoted}`,
      example: ['ES256', 'EdDSA'],
    },
  ),
  tokens: field(z.enum(['jwt', 'opaque', 'auto']).default('jwt'), {
    description:
      'Kind of access tokens this issuer issues. `opaque`: the issuer is asked about each (`introspection`). `auto`: a token that is a JWT and names this issuer is checked as one, whatever comes of it; every other token is opaque. At most one issuer can have opaque tokens.',
    expected: '"jwt", "opaque" or "auto"',
    example: 'jwt',
  }),
  jwksUri: field(
    text(checkEndpoint)
      .regex(/^https?:\/\//)
      .exactOptional(),
    {
      description:
        'URL of the key set, for an issuer without metadata (RFC 7517 §5). The same rules about http as for `issuer`.',
      expected: 'an absolute https URL without user information and fragment',
      example: 'https://login.example.com/.well-known/jwks.json',
      defaultText: 'what the metadata of the issuer says',
    },
  ),
  introspection: field(introspectionSchema.exactOptional(), {
    description: 'How opaque tokens are checked (RFC 7662). Required for them, and not used for others.',
    expected: 'an object',
    example: { clientId: 'mcp', clientSecret: '${env:INTROSPECTION_SECRET}' },
    defaultText: 'none',
  }),
  strictAudience: field(z.boolean().default(false), {
    description: 'Refuse a token that names other audiences besides the ones above.',
    expected: 'true or false',
    example: true,
  }),
  allowedClients: field(
    z
      .array(entry(plainText(), 'a client id', 'client-1'))
      .min(1)
      .exactOptional(),
    {
      description: 'Client ids that may call. Other clients of the issuer are refused with 403.',
      expected: 'a non-empty list of client ids',
      example: ['client-1'],
      defaultText: 'any client of the issuer',
    },
  ),
  allowPrivateAddresses: field(z.boolean().default(false), {
    description:
      'Allow the issuer, its key set and its introspection endpoint to be at private network addresses. Loopback addresses are covered by `dangerouslyAllowInsecureIssuers`.',
    expected: 'true or false',
    example: true,
  }),
  backChannelLogout: field(backChannelLogoutSchema.exactOptional(), {
    description:
      'Accept logout tokens of this issuer (OpenID Connect Back-Channel Logout 1.0): a logout revokes the tokens of the session or user. Mount `backChannelLogout` of the suite at the URL that is registered there.',
    expected: 'an object',
    example: { audience: ['client-1'] },
    defaultText: 'logout tokens of the issuer are refused',
  }),
});

export const issuerSchema: z.ZodType<IssuerValues, IssuerInput> = agreed<IssuerInput, IssuerValues>()(issuer);

/** Headers that mean something else and must not be taken for a token. */
const taken =
  /^(?:authorization|dpop|host|origin|cookie|forwarded|client-cert|x-client-cert|(?:proxy|content|mcp|sec|access-control|x-forwarded)-.*)$/;

const headerName = text((value) =>
  taken.test(value.toLowerCase())
    ? { problem: 'is a header with another meaning', remedy: 'name the header your proxy puts the token into' }
    : undefined,
)
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/)
  .default('X-Enterprise-Token');

const enterpriseToken = z.strictObject({
  header: field(headerName, {
    description:
      'Header with the token and nothing else: no scheme, no list. Its name is compared without case; a name with underscores is another header.',
    expected: 'a header name of letters, digits and hyphens',
    example: 'X-Enterprise-Token',
  }),
  ...issuer.shape,
});

/** An issuer whose tokens arrive in a header of their own. */
export const enterpriseTokenSchema: z.ZodType<EnterpriseTokenValues, EnterpriseTokenInput> = agreed<
  EnterpriseTokenInput,
  EnterpriseTokenValues
>()(enterpriseToken);
