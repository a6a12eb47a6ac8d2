import type { AnchorInput, ConfigInput, ExportInput, IssuerInput } from '../../src/index.ts';

/** Every field that can be written, all the way down: a field missing or too many here does not compile. */
type Everything<T> = T extends readonly (infer U)[]
  ? readonly Everything<U>[]
  : T extends object
    ? { [K in keyof T as [T[K]] extends [undefined] ? never : K]-?: Everything<Exclude<T[K], undefined>> }
    : T;

const issuer: Everything<IssuerInput> = {
  issuer: 'http://127.0.0.1:9001',
  tenants: [],
  audience: ['http://127.0.0.1:8080/mcp'],
  profile: 'rfc9068',
  claims: {
    scopes: 'permissions',
    clientId: 'cid',
    tenant: 'org_id',
    groups: 'https://example.com/groups',
    roles: ['resource_access', 'mcp', 'roles'],
  },
  appOnlyRoles: false,
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  tokens: 'auto',
  introspection: {
    clientId: 'mcp',
    clientSecret: 'not a secret in a test',
    privateKey: 'nor is this',
    keyId: 'mcp-2026',
    clientAuthentication: 'client_secret_basic',
    endpoint: 'http://127.0.0.1:9001/introspect',
    cacheSeconds: 30,
    signedResponse: false,
    audienceless: false,
  },
  jwksUri: 'http://127.0.0.1:9001/jwks',
  strictAudience: false,
  allowedClients: ['client-1'],
  allowPrivateAddresses: false,
  backChannelLogout: { audience: ['client-1'], requireType: true },
};

/** No export can have all fields; together these do. */
const exports = [
  {
    type: 'otlp',
    name: 'siem',
    endpoint: 'https://127.0.0.1:4318/v1/logs',
    headers: { authorization: 'Bearer not a secret in a test' },
    format: 'protobuf',
    compression: 'gzip',
    timeoutMs: 10_000,
    serviceName: 'target',
    tls: {
      ca: '-----BEGIN CERTIFICATE-----',
      cert: '-----BEGIN CERTIFICATE-----',
      key: '-----BEGIN PRIVATE KEY-----',
    },
    dangerouslyAllowInsecureEndpoint: false,
  },
  { type: 'syslog', endpoint: 'syslog+tls://siem.example.com:6514', format: 'cef', confirm: 'close', facility: 13 },
  {
    type: 'webhook',
    endpoint: 'https://hooks.example.com/audit',
    secrets: ['whsec_bm90IGEgc2VjcmV0LCBidXQgbG9uZyBlbm91Z2ghISE='],
  },
] as unknown as readonly Everything<ExportInput>[];

/** No anchor can have all fields; together these do. */
const anchors = [
  { type: 'file', path: '/mnt/evidence/checkpoints.jsonl', intervalSeconds: 60 },
  {
    type: 'http',
    url: 'https://evidence.example.com/checkpoints',
    headers: { authorization: 'Bearer not a secret in a test' },
    intervalSeconds: 10,
  },
] as unknown as readonly Everything<AnchorInput>[];

export const everything: Everything<ConfigInput> = {
  $schema: './schema.json',
  resource: 'http://127.0.0.1:8080/mcp',
  issuers: [issuer],
  clockSkewSeconds: 30,
  card: './server-card.json',
  signInScopes: ['notes:read'],
  publish: 'full',
  drift: 'warn',
  enforcement: 'enforce',
  stepUp: {
    securitySchemes: true,
    listDisclosedTools: true,
    wwwAuthenticateMetaFor: ['client-1'],
    repeatGrantedScopes: true,
  },
  cursorKey: 'bm90IGEgc2VjcmV0LCBqdXN0IGxvbmcgZW5vdWdoISE=',
  log: { level: 'warn' },
  telemetry: {
    mode: 'spans',
    conventions: '1.41',
    remoteParent: 'link',
    content: 'arguments',
    prometheus: { listen: true, host: '127.0.0.1', port: 9464, path: '/metrics' },
  },
  audit: {
    directory: './audit',
    stream: 'target',
    mirror: './mirror',
    mode: 'strict',
    level: 'metadata',
    rotate: { bytes: 268_435_456, hours: 24 },
    retention: { days: 400, bytes: 10_737_418_240 },
    origin: 'sallyport.dev/target',
    pseudonymizeSubjects: true,
    hashKey: 'bm90IGEgc2VjcmV0LCBidXQgbG9uZyBlbm91Z2ghISE=',
    signingKey: 'bm90IGEgc2VjcmV0LCBidXQgMzIgYnl0ZXMgbG9uZyE=',
    previousSigningKey: 'bm90IGEgc2VjcmV0IGVpdGhlciwganVzdCAzMiBieXQ=',
    anchors,
    export: exports,
  },
  state: {},
  network: {
    allowedHosts: ['127.0.0.1'],
    allowedOrigins: ['https://app.example.com'],
    trustedProxies: ['10.0.0.0/8'],
  },
  rateLimits: { perAddress: '50/s', perPrincipal: '200/s' },
  publicMethods: [],
  dpop: {
    mode: 'accept',
    algorithms: ['ES256'],
    iatWindowSeconds: 60,
    strictHtu: false,
    nonce: true,
    nonceKey: 'bm90IGEgc2VjcmV0IGVpdGhlciwganVzdCBsb25nIQ==',
    nonceLifetimeSeconds: 300,
  },
  clientCertificate: { header: 'Client-Cert' },
  enterpriseToken: { header: 'X-Enterprise-Token', ...issuer, issuer: 'http://127.0.0.1:9002' },
  revocation: { file: './revocations.jsonl', lifetimeSeconds: 604_800 },
  limits: { bodyBytes: 1_048_576, jsonDepth: 64, tokenBytes: 8192 },
  legacy: 'stateless',
  tasks: { ttlMs: 3_600_000, maxRetries: 3, backoffMs: 1000, backoffMultiplier: 2, maxBackoffMs: 30_000 },
  dangerouslyAllowInsecureIssuers: true,
};
