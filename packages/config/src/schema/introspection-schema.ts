import { z } from 'zod';
import { checkEndpoint } from '../checks/endpoint-url.ts';
import type { IntrospectionInput } from '../types/config-input.ts';
import type { IntrospectionValues } from '../types/config-values.ts';
import { agreed } from './agreement.ts';
import { field, plainText, text } from './field.ts';

const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;

const introspection = z.strictObject({
  clientId: field(plainText(), {
    description: 'The client id of this server at the issuer. It needs no grants and no redirect URIs there.',
    expected: 'a client id',
    example: 'mcp',
  }),
  clientSecret: field(z.string().min(1).exactOptional(), {
    description: 'Its secret. Give it through `${file:…}` or `${env:…}`. Either this or `privateKey` is required.',
    expected: 'a text',
    example: '${env:INTROSPECTION_SECRET}',
    defaultText: 'none',
    secret: true,
  }),
  privateKey: field(z.string().min(1).exactOptional(), {
    description:
      'Its private key, for `private_key_jwt`: PKCS #8 in PEM, or a JWK. RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519. Give it through `${file:…}`.',
    expected: 'a private key',
    example: '${file:/run/secrets/introspection.pem}',
    defaultText: 'none',
    secret: true,
  }),
  keyId: field(plainText().exactOptional(), {
    description: '`kid` of the private key, as registered at the issuer.',
    expected: 'a key id',
    example: 'mcp-2026',
    defaultText: 'the `kid` of a JWK, else none',
  }),
  clientAuthentication: field(z.enum(methods).exactOptional(), {
    description: 'How this server authenticates to the issuer (RFC 6749 §2.3, RFC 7523 §2.2).',
    expected: methods.map((method) => `"${method}"`).join(', '),
    example: 'client_secret_post',
    defaultText: '`client_secret_basic` with a secret, `private_key_jwt` with a key',
  }),
  endpoint: field(
    text(checkEndpoint)
      .regex(/^https?:\/\//)
      .exactOptional(),
    {
      description:
        'Where the issuer is asked. The same rules about http as for `issuer`. Must be set when the metadata name an endpoint on another domain than the issuer.',
      expected: 'an absolute https URL without user information and fragment',
      example: 'https://login.example.com/introspect',
      defaultText: 'what the metadata of the issuer says',
    },
  ),
  cacheSeconds: field(z.int().min(0).max(3600).default(30), {
    description:
      'Seconds for which an answer is reused, never past the end of the token. So long a token may go on after it was revoked at the issuer. 0: the issuer is asked every time.',
    expected: 'an integer from 0 to 3600',
    example: 10,
  }),
  signedResponse: field(z.boolean().default(false), {
    description:
      'Demand signed answers (RFC 9701), verified with the keys of the issuer. The issuer must know this client for such answers.',
    expected: 'true or false',
    example: true,
  }),
  audienceless: field(z.boolean().default(false), {
    description:
      'Accept answers without `aud`, from an issuer that does not know audiences. Needs `allowedClients`, which then says for whom tokens are meant.',
    expected: 'true or false',
    example: true,
  }),
});

export const introspectionSchema: z.ZodType<IntrospectionValues, IntrospectionInput> = agreed<
  IntrospectionInput,
  IntrospectionValues
>()(introspection);
