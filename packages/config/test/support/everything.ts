import type { ConfigInput } from '../../src/index.ts';

/** Every field that can be written, all the way down: a field missing or too many here does not compile. */
type Everything<T> = T extends readonly (infer U)[]
  ? readonly Everything<U>[]
  : T extends object
    ? { [K in keyof T as [T[K]] extends [undefined] ? never : K]-?: Everything<Exclude<T[K], undefined>> }
    : T;

export const everything: Everything<ConfigInput> = {
  $schema: './schema.json',
  resource: 'http://127.0.0.1:8080/mcp',
  issuers: [
    {
      issuer: 'http://127.0.0.1:9001',
      audience: ['http://127.0.0.1:8080/mcp'],
      profile: 'rfc9068',
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      tokens: 'jwt',
      jwksUri: 'http://127.0.0.1:9001/jwks',
      strictAudience: false,
      allowedClients: ['client-1'],
      allowPrivateAddresses: false,
    },
  ],
  clockSkewSeconds: 30,
  card: './server-card.json',
  signInScopes: ['notes:read'],
  publish: 'full',
  drift: 'warn',
  enforcement: 'enforce',
  audit: {
    directory: './audit',
    stream: 'target',
    mode: 'strict',
    level: 'metadata',
    origin: 'sallyport.dev/target',
    hashKey: 'bm90IGEgc2VjcmV0LCBidXQgbG9uZyBlbm91Z2ghISE=',
    anchors: [],
    export: [],
  },
  state: {},
  network: {
    allowedHosts: ['127.0.0.1'],
    allowedOrigins: ['https://app.example.com'],
    trustedProxies: [],
  },
  rateLimits: { perAddress: '50/s', perPrincipal: '200/s' },
  publicMethods: [],
  dpop: { mode: 'off' },
  limits: { bodyBytes: 1_048_576, jsonDepth: 64, tokenBytes: 8192 },
  legacy: 'stateless',
  tasks: { ttlMs: 3_600_000, maxRetries: 3, backoffMs: 1000, backoffMultiplier: 2, maxBackoffMs: 30_000 },
  dangerouslyAllowInsecureIssuers: true,
};
