import { z } from 'zod';
import { signatureAlgorithms } from './signature-algorithms.ts';
import type { ClientCertificateInput, DpopInput } from '../types/binding-input.ts';
import type { ClientCertificateValues, DpopValues } from '../types/config-values.ts';
import { agreed } from './agreement.ts';
import { entry, field, text } from './field.ts';

const quoted = signatureAlgorithms.map((algorithm) => `"${algorithm}"`).join(', ');

const dpop = z.strictObject({
  mode: field(z.enum(['off', 'accept', 'require']).default('off'), {
    description:
      'Whether tokens may or must be bound to a key of the client (RFC 9449). `off`: the `DPoP` scheme counts as no credential, and bound tokens are refused. `accept`: bound tokens must be proven, unbound ones are bearer tokens. `require`: unbound tokens are refused.',
    expected: '"off", "accept" or "require"',
    example: 'accept',
  }),
  algorithms: field(
    z
      .array(entry(z.enum(signatureAlgorithms), `one of ${quoted}`, 'ES256'))
      .min(1)
      .default(['ES256', 'EdDSA', 'PS256', 'RS256']),
    {
      description:
        'Signature algorithms of proofs that are accepted, in the order in which they are advertised. Only asymmetric ones exist (RFC 9449 §11.6).',
      expected: `a non-empty list of ${quoted}`,
      example: ['ES256'],
    },
  ),
  iatWindowSeconds: field(z.int().min(1).max(300).default(60), {
    description:
      'Seconds by which `iat` of a proof may differ from the time of this server, to both sides, inclusive. So long each process remembers a proof it accepted, so that it is used once.',
    expected: 'an integer from 1 to 300',
    example: 300,
  }),
  strictHtu: field(z.boolean().default(false), {
    description:
      'Refuse proofs whose `htu` has a query or a fragment. Clients must leave them out (RFC 9449 §4.2); by default they are ignored (§4.3).',
    expected: 'true or false',
    example: true,
  }),
  nonce: field(z.boolean().default(false), {
    description:
      'Demand a nonce of this server in every proof (RFC 9449 §9), so that proofs can not be made in advance. Costs a client one more request now and then.',
    expected: 'true or false',
    example: true,
  }),
  nonceKey: field(z.string().min(32).exactOptional(), {
    description:
      'Secret behind the nonces: 32 or more characters, such as `openssl rand -base64 32` makes. Processes that serve the same resource need the same one. Give it through `${file:…}` or `${env:…}`.',
    expected: 'a text of 32 or more characters',
    example: '${file:/run/secrets/dpop-nonce.key}',
    defaultText: 'random, for this process alone',
    secret: true,
  }),
  nonceLifetimeSeconds: field(z.int().min(10).max(3600).default(300), {
    description: 'Seconds after which a nonce is accepted no more. A new one is given out after half of that.',
    expected: 'an integer from 10 to 3600',
    example: 60,
  }),
});

export const dpopSchema: z.ZodType<DpopValues, DpopInput> = agreed<DpopInput, DpopValues>()(dpop);

/** Headers that mean something else and must not be taken for a certificate. */
const taken =
  /^(?:authorization|dpop|host|origin|cookie|forwarded|x-enterprise-token|(?:proxy|content|mcp|x-forwarded)-.*)$/;

const headerName = text((value) =>
  taken.test(value.toLowerCase())
    ? { problem: 'is a header with another meaning', remedy: 'name the header your proxy puts the certificate into' }
    : undefined,
)
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/)
  .default('Client-Cert');

const clientCertificate = z.strictObject({
  header: field(headerName, {
    description:
      'Header in which the proxy passes on the certificate, in the form of RFC 9440: DER in Base64 between colons. Other forms are refused.',
    expected: 'a header name of letters, digits and hyphens',
    example: 'Client-Cert',
  }),
});

export const clientCertificateSchema: z.ZodType<ClientCertificateValues, ClientCertificateInput> = agreed<
  ClientCertificateInput,
  ClientCertificateValues
>()(clientCertificate);
