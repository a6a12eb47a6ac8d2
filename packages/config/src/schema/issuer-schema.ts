import { z } from 'zod';
import { checkIssuer, checkKeySet } from '../checks/endpoint-url.ts';
import type { IssuerInput } from '../types/config-input.ts';
import type { IssuerValues } from '../types/config-values.ts';
import { agreed } from './agreement.ts';
import { absent, entry, field, plainText, text } from './field.ts';

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
const quoted = algorithms.map((algorithm) => `"${algorithm}"`).join(', ');

const issuer = z.strictObject({
  issuer: field(text(checkIssuer).regex(/^https?:\/\//), {
    description:
      'Issuer identifier, byte for byte the `iss` of its tokens, with or without a trailing slash as the issuer writes it (RFC 8414 §2). Must be https; http needs `dangerouslyAllowInsecureIssuers` and a loopback host.',
    expected: 'an absolute https URL without user information, query and fragment',
    example: 'https://login.example.com',
  }),
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
  profile: field(z.enum(['rfc9068']).default('rfc9068'), {
    description: 'Where this issuer keeps client id, scopes and tenant in its tokens.',
    expected: '"rfc9068"',
    example: 'rfc9068',
    notYet: ['entra', 'okta', 'auth0', 'keycloak', 'cognito', 'google', 'ping'],
  }),
  algorithms: field(
    z
      .array(entry(z.enum(algorithms), `one of ${quoted}`, 'RS256'))
      .min(1)
      .default(['RS256', 'PS256', 'ES256', 'EdDSA']),
    {
      description:
        'Signature algorithms that are accepted. Only asymmetric ones exist here; `none` and `HS256` can not be configured (RFC 8725 §3.1).',
      expected: `a non-empty list of ${quoted}`,
      example: ['ES256', 'EdDSA'],
    },
  ),
  tokens: field(z.enum(['jwt']).default('jwt'), {
    description: 'Kind of access tokens this issuer issues.',
    expected: '"jwt"',
    example: 'jwt',
    notYet: ['opaque', 'auto'],
  }),
  jwksUri: field(
    text(checkKeySet)
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
  introspection: absent('Token introspection (RFC 7662) with `clientId`, `clientSecret` and `cacheSeconds`.'),
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
      'Allow the issuer and its key set to be at private network addresses. Loopback addresses are covered by `dangerouslyAllowInsecureIssuers`.',
    expected: 'true or false',
    example: true,
  }),
});

export const issuerSchema: z.ZodType<IssuerValues, IssuerInput> = agreed<IssuerInput, IssuerValues>()(issuer);
