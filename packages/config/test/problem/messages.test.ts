import { describe, expect, it } from 'vitest';
import { loadWith, load, minimal, setupErrorOf } from '../support/fixtures.ts';

const withIssuer = (fields: object): object => ({ issuers: [{ issuer: 'https://login.example.com', ...fields }] });
const algorithms = '"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"';
const aResource = 'an absolute https URL without user information, query and fragment';
const proxies = 'a list of IP addresses and CIDR ranges, or a hop count from 1 to 32';
const everyProxy =
  'covers every address, which would let any caller choose the address it is seen under; list the addresses of your proxies';
const aRate = 'a rate such as "50/s", "3000/m" or "100/10s" with a window of at most 24 hours';
const anOrigin = 'an origin: scheme, host and port if it is not the default, no path';

const tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';

/** What is changed in the smallest configuration, and the whole line the process stops with. */
const invalid: [object, string][] = [
  [{ resource: 5 }, `resource: expected ${aResource}, saw 5; write for example "https://mcp.example.com/mcp"`],
  [
    { resource: 'mcp' },
    `resource: is not an absolute URL with http or https, expected ${aResource}; write for example "https://mcp.example.com/mcp"`,
  ],
  [
    { resource: 'https://a b/' },
    `resource: is not an absolute URL with http or https, expected ${aResource}; write for example "https://mcp.example.com/mcp"`,
  ],
  [
    { resource: 'https://u:p@a.example/' },
    `resource: holds a user name or password, expected ${aResource}; write for example "https://mcp.example.com/mcp"`,
  ],
  [
    { resource: 'https://a.example/#x' },
    `resource: has a fragment, expected ${aResource}; write for example "https://mcp.example.com/mcp"`,
  ],
  [
    { resource: 'https://a.example/?' },
    `resource: has a query, expected ${aResource}; write for example "https://mcp.example.com/mcp"`,
  ],
  [
    { resource: 'http://a.example/mcp' },
    'resource: uses http on a host that is not loopback, which would send tokens in clear; use https',
  ],
  [
    { resource: 'https://A.example:443/x/../mcp' },
    'resource: is not in its canonical spelling; write "https://a.example/mcp"',
  ],
  [
    { issuers: [] },
    'issuers: expected a non-empty list of issuers, saw an empty list; write for example [{"issuer":"https://login.example.com"}]',
  ],
  [
    { issuers: ['https://a'] },
    'issuers[0]: expected an object, saw "https://a"; write for example {"issuer":"https://login.example.com"}',
  ],
  [{ issuers: [{}] }, 'issuers[0].issuer: is missing; add it, for example "https://login.example.com"'],
  [
    { issuers: [{ issuer: 'https://a' }, { issuer: 'https://a' }] },
    'issuers[1].issuer: names the same issuer as issuers[0]; remove one of them or merge them',
  ],
  [
    { legacy: 'handler', publicMethods: ['initialize'] },
    'publicMethods: opens initialize while legacy is "handler"; remove initialize: a session nobody owns could never be used, and would only take memory',
  ],
  [
    { issuers: [{ issuer: 'https://a/?b' }] },
    `issuers[0].issuer: has a query, expected ${aResource}; write for example "https://login.example.com"`,
  ],
  [
    { issuers: [{ issuer: 'http://idp.example' }] },
    'issuers[0].issuer: uses http on a host that is not loopback; use https',
  ],
  [
    { issuers: [{ issuer: 'http://127.0.0.1:9001' }] },
    'issuers[0].issuer: uses http; use https, or for tests set dangerouslyAllowInsecureIssuers to true',
  ],
  [
    { issuers: [{ issuer: 'http://idp.example' }], dangerouslyAllowInsecureIssuers: true },
    'issuers[0].issuer: uses http on a host that is not loopback; use https',
  ],
  [
    withIssuer({ jwksUri: 'http://[::1]/jwks' }),
    'issuers[0].jwksUri: uses http; use https, or for tests set dangerouslyAllowInsecureIssuers to true',
  ],
  [
    withIssuer({ audience: 'https://a' }),
    'issuers[0].audience: expected a non-empty list of audiences, saw "https://a"; write for example ["https://mcp.example.com/mcp"]',
  ],
  [
    withIssuer({ audience: [] }),
    'issuers[0].audience: expected a non-empty list of audiences, saw an empty list; write for example ["https://mcp.example.com/mcp"]',
  ],
  [
    withIssuer({ audience: ['a '] }),
    'issuers[0].audience[0]: expected a non-empty text without white space around it, saw "a "; write for example "https://mcp.example.com/mcp"',
  ],
  [
    withIssuer({ algorithms: [] }),
    `issuers[0].algorithms: expected a non-empty list of ${algorithms}, saw an empty list; write for example ["ES256","EdDSA"]`,
  ],
  [
    withIssuer({ algorithms: ['HS256'] }),
    `issuers[0].algorithms[0]: expected one of ${algorithms}, saw "HS256"; write for example "RS256"`,
  ],
  [
    withIssuer({ algorithms: ['RS256', 'none'] }),
    `issuers[0].algorithms[1]: expected one of ${algorithms}, saw "none"; write for example "RS256"`,
  ],
  [
    withIssuer({ allowedClients: [] }),
    'issuers[0].allowedClients: expected a non-empty list of client ids, saw an empty list; write for example ["client-1"]',
  ],
  [
    withIssuer({ strictAudience: 'yes' }),
    'issuers[0].strictAudience: expected true or false, saw "yes"; write for example true',
  ],
  [
    withIssuer({ profile: 'saml' }),
    'issuers[0].profile: expected one of "rfc9068", "entra", "okta", "auth0", "keycloak", "cognito", "google", "ping", saw "saml"; write for example "keycloak"',
  ],
  [{ clockSkewSeconds: -1 }, 'clockSkewSeconds: expected an integer from 0 to 300, saw -1; write for example 60'],
  [{ clockSkewSeconds: 1.5 }, 'clockSkewSeconds: expected an integer from 0 to 300, saw 1.5; write for example 60'],
  [{ clockSkewSeconds: 'abc' }, 'clockSkewSeconds: expected an integer from 0 to 300, saw "abc"; write for example 60'],
  [{ clockSkewSeconds: Number.NaN }, 'clockSkewSeconds: is NaN, which is not a number of JSON; write a finite number'],
  [{ card: null }, 'card: expected a path or an object, saw null; write for example "./server-card.json"'],
  [{ card: [] }, 'card: expected a path or an object, saw an empty list; write for example "./server-card.json"'],
  [{ card: '' }, 'card: expected a path or an object, saw ""; write for example "./server-card.json"'],
  [
    { signInScopes: ['a b'] },
    'signInScopes[0]: expected a scope (RFC 6749 §3.3), saw "a b"; write for example "notes:read"',
  ],
  [
    { signInScopes: ['a"'] },
    String.raw`signInScopes[0]: expected a scope (RFC 6749 §3.3), saw "a\""; write for example "notes:read"`,
  ],
  [
    { signInScopes: ['offline_access'] },
    'signInScopes[0]: "offline_access" is for clients to ask for, not for a server to demand; remove it',
  ],
  [{ publish: 'none' }, 'publish: expected "full" or "identity", saw "none"; write for example "identity"'],
  [{ drift: false }, 'drift: expected "error" or "warn", saw false; write for example "warn"'],
  [{ audit: 'x' }, 'audit: expected an object, saw "x"; write for example {"directory":"./audit"}'],
  [
    { audit: { stream: 'a/b' } },
    'audit.stream: expected 1 to 64 letters, digits, dots, underscores or hyphens, saw "a/b"; write for example "pod-a"',
  ],
  [
    { audit: { origin: 'a+b' } },
    'audit.origin: expected 1 to 255 printable ASCII characters without spaces and plus signs, saw "a+b"; write for example "mcp.example.com/audit"',
  ],
  [
    { audit: { hashKey: '' } },
    'audit.hashKey: expected 32 or more bytes in hexadecimal or Base64, saw an empty text; write for example "${file:/run/secrets/hash.key}"',
  ],
  [
    { audit: { hashKey: 12_345_678 } },
    'audit.hashKey: expected 32 or more bytes in hexadecimal or Base64, saw a number; write for example "${file:/run/secrets/hash.key}"',
  ],
  [
    { audit: { rotate: { hours: 0 } } },
    'audit.rotate.hours: expected a number above 0, at most 8760, saw 0; write for example 1',
  ],
  [{ audit: { retention: { bytes: 10_000 } } }, 'audit.retention.days: is missing; add it, for example 400'],
  [
    { audit: { mode: 'lax' } },
    'audit.mode: expected "strict", "at-least-one" or "available", saw "lax"; write for example "at-least-one"',
  ],
  [
    { network: { allowedHosts: [] } },
    'network.allowedHosts: expected a non-empty list of host names with or without a port, saw an empty list; write for example ["mcp.example.com","mcp.internal:8080"]',
  ],
  [
    { network: { allowedHosts: ['*.example.com'] } },
    'network.allowedHosts[0]: holds a wildcard, but hosts are compared exactly, expected a host name or address with or without a port; write for example "mcp.example.com"',
  ],
  [
    { network: { allowedHosts: ['https://a'] } },
    'network.allowedHosts[0]: expected a host name or address with or without a port, saw "https://a"; write for example "mcp.example.com"',
  ],
  [
    { network: { allowedHosts: ['::1'] } },
    'network.allowedHosts[0]: expected a host name or address with or without a port, saw "::1"; write "[::1]"',
  ],
  [
    { network: { allowedHosts: ['127.1:80'] } },
    'network.allowedHosts[0]: is not in its canonical spelling; write "127.0.0.1:80"',
  ],
  [
    { network: { allowedOrigins: ['*'] } },
    'network.allowedOrigins[0]: "*" would let every web page call; list each origin',
  ],
  [
    { network: { allowedOrigins: ['null'] } },
    'network.allowedOrigins[0]: "null" is the origin of every sandboxed page; list the origin of the page itself',
  ],
  [
    { network: { allowedOrigins: ['https://A.example:443/'] } },
    `network.allowedOrigins[0]: expected ${anOrigin}, saw "https://A.example:443/"; write "https://a.example"`,
  ],
  [
    { network: { allowedOrigins: ['app.example'] } },
    `network.allowedOrigins[0]: expected ${anOrigin}, saw "app.example"; write for example "https://app.example.com"`,
  ],
  [
    { network: { trustedProxies: true } },
    `network.trustedProxies: expected ${proxies}, saw true; write for example ["10.0.0.0/8","fd00::/8"]`,
  ],
  [
    { network: { trustedProxies: 0 } },
    `network.trustedProxies: expected ${proxies}, saw 0; write for example ["10.0.0.0/8","fd00::/8"]`,
  ],
  [
    { network: { trustedProxies: ['10.0.0.1', 'loopback'] } },
    'network.trustedProxies[1]: expected an IP address or a CIDR range, saw "loopback"; write for example "10.0.0.0/8"',
  ],
  [{ network: { trustedProxies: ['0.0.0.0/0'] } }, `network.trustedProxies[0]: ${everyProxy}`],
  [
    { rateLimits: { perAddress: '0/s' } },
    `rateLimits.perAddress: expected ${aRate}, saw "0/s"; write for example "50/s"`,
  ],
  [
    { rateLimits: { perPrincipal: 50 } },
    `rateLimits.perPrincipal: expected ${aRate}, saw 50; write for example "3000/m"`,
  ],
  [
    { rateLimits: { perAddress: '1/25h' } },
    `rateLimits.perAddress: expected ${aRate}, saw "1/25h"; write for example "50/s"`,
  ],
  [
    { publicMethods: ['tools/list'] },
    'publicMethods[0]: expected one of "server/discover", "initialize", "ping", saw "tools/list"; write for example "ping"',
  ],
  [
    { limits: { bodyBytes: 0 } },
    'limits.bodyBytes: expected an integer from 1 to 104857600, saw 0; write for example 262144',
  ],
  [
    { limits: { tokenBytes: 20_000 } },
    'limits.tokenBytes: expected an integer from 1 to 16384, saw 20000; write for example 4096',
  ],
  [
    { limits: { jsonDepth: {} } },
    'limits.jsonDepth: expected an integer from 1 to 512, saw an object; write for example 32',
  ],
  [{ legacy: ['x'] }, 'legacy: expected "stateless", "handler" or "reject", saw a list; write for example "reject"'],
  [{ issuer: 'https://a' }, 'issuer: is not a known field; did you mean issuers?'],
  [{ allowedhosts: [] }, 'allowedhosts: is not a known field; did you mean network.allowedHosts?'],
  [{ allowedHosts: [] }, 'allowedHosts: is not a known field; did you mean network.allowedHosts?'],
  [
    { network: { 'allowed-hosts': [] } },
    'network.allowed-hosts: is not a known field; did you mean network.allowedHosts?',
  ],
  [
    withIssuer({ tokens: 'reference' }),
    'issuers[0].tokens: expected "jwt", "opaque" or "auto", saw "reference"; write for example "jwt"',
  ],
  [
    withIssuer({ tokens: 'opaque' }),
    'issuers[0].introspection: is missing, but tokens is "opaque"; add it, for example {"clientId":"mcp","clientSecret":"${env:INTROSPECTION_SECRET}"}',
  ],
  [
    withIssuer({ tokens: 'auto', introspection: { clientId: 'mcp' } }),
    'issuers[0].introspection: has neither clientSecret nor privateKey; add the one that is registered at the issuer',
  ],
  [
    withIssuer({ tokens: 'auto', introspection: { clientId: 'mcp', clientSecret: 's', privateKey: 'k' } }),
    'issuers[0].introspection: has both clientSecret and privateKey; remove one, or say with clientAuthentication which one to use',
  ],
  [
    withIssuer({
      tokens: 'auto',
      introspection: { clientId: 'mcp', clientSecret: 's', clientAuthentication: 'private_key_jwt' },
    }),
    'issuers[0].introspection.clientAuthentication: is "private_key_jwt", but there is no privateKey; add it, or remove this field',
  ],
  [
    withIssuer({
      tokens: 'auto',
      introspection: { clientId: 'mcp', privateKey: 'k', clientAuthentication: 'client_secret_post' },
    }),
    'issuers[0].introspection.clientAuthentication: is "client_secret_post", but there is no clientSecret; add it, or remove this field',
  ],
  [
    withIssuer({ tokens: 'opaque', introspection: { clientId: 'mcp', clientSecret: 's', audienceless: true } }),
    'issuers[0].introspection.audienceless: is true, but allowedClients is missing; list the clients whose tokens are meant for this server',
  ],
  [
    withIssuer({ tokens: 'opaque', introspection: { clientId: 'mcp', clientSecret: 's', cacheSeconds: 3601 } }),
    'issuers[0].introspection.cacheSeconds: expected an integer from 0 to 3600, saw 3601; write for example 10',
  ],
  [
    withIssuer({ tokens: 'opaque', introspection: { clientId: 'mcp', clientSecret: 12345 } }),
    'issuers[0].introspection.clientSecret: expected a text, saw a number; write for example "${env:INTROSPECTION_SECRET}"',
  ],
  [
    withIssuer({
      tokens: 'opaque',
      introspection: { clientId: 'mcp', clientSecret: 's', endpoint: 'http://10.0.0.1/i' },
    }),
    'issuers[0].introspection.endpoint: uses http on a host that is not loopback; use https',
  ],
  [
    {
      issuers: ['https://a.example', 'https://b.example'].map((issuer) => ({
        issuer,
        tokens: 'opaque',
        introspection: { clientId: 'mcp', clientSecret: 's' },
      })),
    },
    'issuers[1].tokens: is "opaque", and issuers[0] has opaque tokens too; only one issuer can have opaque tokens, because they do not say whose they are',
  ],
  [
    withIssuer({ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }),
    'issuers[0].issuer: has a placeholder, which only profile "entra" knows; write https://login.microsoftonline.com/{tenantid}/v2.0 and set profile to "entra", or name one issuer',
  ],
  [
    withIssuer({ issuer: 'https://sts.windows.net/{tenantid}/', profile: 'entra', tenants: [tenant] }),
    'issuers[0].issuer: has a placeholder, which only profile "entra" knows; write https://login.microsoftonline.com/{tenantid}/v2.0 and set profile to "entra", or name one issuer',
  ],
  [
    withIssuer({ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0', profile: 'entra' }),
    'issuers[0].tenants: is empty; list the ids of the tenants whose users may come in',
  ],
  [
    withIssuer({
      issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
      profile: 'entra',
      tenants: [tenant, tenant],
    }),
    'issuers[0].tenants[1]: is listed twice; remove it',
  ],
  [
    withIssuer({ issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0', profile: 'entra', tenants: ['*'] }),
    'issuers[0].tenants[0]: expected a tenant id, a GUID in lower case, saw "*"; write for example "8eaef023-2b34-4da1-9baa-8bc8c9d6a490"',
  ],
  [
    withIssuer({ issuer: 'http://login.microsoftonline.com/{tenantid}/v2.0', profile: 'entra', tenants: [tenant] }),
    'issuers[0].issuer: uses http on a host that is not loopback; use https',
  ],
  [
    withIssuer({
      issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
      profile: 'entra',
      tenants: [tenant],
      tokens: 'auto',
      introspection: { clientId: 'mcp', clientSecret: 's' },
    }),
    'issuers[0].tokens: is "auto", but issuer is a template; remove it',
  ],
  [
    withIssuer({ profile: 'google' }),
    'issuers[0].allowedClients: is missing, but profile is "google"; list the unique ids of the service accounts that may call',
  ],
  [withIssuer({ tenants: [tenant] }), 'issuers[0].tenants: is set, but issuer is not a template; remove it'],
  [
    withIssuer({ profile: 'okta', appOnlyRoles: true }),
    'issuers[0].appOnlyRoles: has no meaning with the profile "okta"; remove it',
  ],
  [
    withIssuer({ claims: { scopes: [] } }),
    'issuers[0].claims.scopes: expected the name of a claim, or a list of the names that lead to it, saw an empty list; write for example "permissions"',
  ],
  [{ dpop: { mode: 'on' } }, 'dpop.mode: expected "off", "accept" or "require", saw "on"; write for example "accept"'],
  [
    { dpop: { algorithms: ['HS256'] } },
    `dpop.algorithms[0]: expected one of ${algorithms}, saw "HS256"; write for example "ES256"`,
  ],
  [
    { dpop: { algorithms: [] } },
    `dpop.algorithms: expected a non-empty list of ${algorithms}, saw an empty list; write for example ["ES256"]`,
  ],
  [
    { dpop: { iatWindowSeconds: 301 } },
    'dpop.iatWindowSeconds: expected an integer from 1 to 300, saw 301; write for example 300',
  ],
  [{ enforcement: 'warn' }, 'enforcement: expected "enforce" or "observe", saw "warn"; write for example "observe"'],
  [
    { telemetry: { conventions: '1.42' } },
    'telemetry.conventions: expected "1.41" or "gen_ai_latest_experimental", saw "1.42"; write for example "gen_ai_latest_experimental"',
  ],
  [
    { telemetry: { content: 'all' } },
    'telemetry.content: expected "none", "arguments" or "arguments-and-results", saw "all"; write for example "arguments"',
  ],
  [
    { cursorKey: 'a short secret' },
    'cursorKey: expected a text of 32 or more characters, saw a text that is not shown; write for example "${file:/run/secrets/cursor.key}"',
  ],
  [
    { stepUp: { wwwAuthenticateMetaFor: [' '] } },
    'stepUp.wwwAuthenticateMetaFor[0]: expected a client id, or "*" for every client, saw " "; write for example "https://client.example.com/oauth/client.json"',
  ],
  [
    { dpop: { nonceKey: 'a short secret' } },
    'dpop.nonceKey: expected a text of 32 or more characters, saw a text that is not shown; write for example "${file:/run/secrets/dpop-nonce.key}"',
  ],
  [
    { clientCertificate: { header: 'Client Cert' } },
    'clientCertificate.header: expected a header name of letters, digits and hyphens, saw "Client Cert"; write for example "Client-Cert"',
  ],
  ...['Authorization', 'DPoP', 'Host', 'Mcp-Name', 'X-Forwarded-For', 'Content-Type', 'X-Enterprise-Token'].map(
    (header): [object, string] => [
      { clientCertificate: { header } },
      'clientCertificate.header: is a header with another meaning; name the header your proxy puts the certificate into',
    ],
  ),
  [
    { clientCertificate: {} },
    'network.trustedProxies: is empty, but clientCertificate believes what a trusted proxy says; list the addresses of your proxies',
  ],
  [
    { clientCertificate: {}, network: { trustedProxies: 1 } },
    'network.trustedProxies: is a hop count, but clientCertificate needs to know who sends a request; list the addresses of your proxies',
  ],
  // K-03: an empty list is not "everybody".
  [
    { enterpriseToken: { issuer: 'https://sso.example.com' } },
    'network.trustedProxies: is empty, but enterpriseToken believes what a trusted proxy says; list the addresses of your proxies',
  ],
  [
    { enterpriseToken: { issuer: 'https://sso.example.com' }, network: { trustedProxies: [] } },
    'network.trustedProxies: is empty, but enterpriseToken believes what a trusted proxy says; list the addresses of your proxies',
  ],
  [
    { enterpriseToken: { issuer: 'https://sso.example.com' }, network: { trustedProxies: 2 } },
    'network.trustedProxies: is a hop count, but enterpriseToken needs to know who sends a request; list the addresses of your proxies',
  ],
  // K-23
  [
    { network: { trustedProxies: true } },
    `network.trustedProxies: expected ${proxies}, saw true; write for example ["10.0.0.0/8","fd00::/8"]`,
  ],
  [
    { enterpriseToken: {}, network: { trustedProxies: ['10.0.0.1'] } },
    'enterpriseToken.issuer: is missing; add it, for example "https://login.example.com"',
  ],
  [
    { enterpriseToken: { issuer: 'http://127.0.0.1:9002' }, network: { trustedProxies: ['10.0.0.1'] } },
    'enterpriseToken.issuer: uses http; use https, or for tests set dangerouslyAllowInsecureIssuers to true',
  ],
  [
    { enterpriseToken: { header: 'X_Enterprise_Token', issuer: 'https://sso.example.com' } },
    'enterpriseToken.header: expected a header name of letters, digits and hyphens, saw "X_Enterprise_Token"; write for example "X-Enterprise-Token"',
  ],
  ...['Authorization', 'mcp-param-token', 'Cookie', 'X-Forwarded-User', 'Client-Cert'].map(
    (header): [object, string] => [
      { enterpriseToken: { header, issuer: 'https://sso.example.com' } },
      'enterpriseToken.header: is a header with another meaning; name the header your proxy puts the token into',
    ],
  ),
  [
    {
      enterpriseToken: { header: 'X-Id', issuer: 'https://sso.example.com' },
      clientCertificate: { header: 'x-id' },
      network: { trustedProxies: ['10.0.0.1'] },
    },
    'enterpriseToken.header: is also clientCertificate.header; use two headers',
  ],
  [
    {
      issuers: [{ issuer: 'https://login.example.com', backChannelLogout: { audience: ['a'] } }],
      enterpriseToken: { issuer: 'https://login.example.com', backChannelLogout: { audience: ['b'] } },
      network: { trustedProxies: ['10.0.0.1'] },
    },
    'enterpriseToken.backChannelLogout: is also set in issuers[0], for the same issuer; remove one of them',
  ],
  [
    withIssuer({ backChannelLogout: {} }),
    'issuers[0].backChannelLogout.audience: is missing; add it, for example ["client-1"]',
  ],
  [
    withIssuer({ backChannelLogout: { audience: [] } }),
    'issuers[0].backChannelLogout.audience: expected a non-empty list of client ids, saw an empty list; write for example ["client-1"]',
  ],
  [
    { revocation: { lifetimeSeconds: 5 } },
    'revocation.lifetimeSeconds: expected an integer from 60 to 31536000, saw 5; write for example 86400',
  ],
  [{ audit: { hash_key: 'secret' } }, 'audit.hash_key: is not a known field; did you mean audit.hashKey?'],
  [{ jwks_uri: 'https://a' }, 'jwks_uri: is not a known field; did you mean issuers[0].jwksUri?'],
  [
    { limits: { size: 1 } },
    'limits.size: is not a known field; remove it, the fields of limits are bodyBytes, jsonDepth, tokenBytes',
  ],
  [
    { 'a b\n': 1 },
    String.raw`["a b\n"]: is not a known field; remove it, the fields are $schema, resource, issuers, clockSkewSeconds, card, signInScopes, publish, drift, enforcement, stepUp, cursorKey, audit, log, telemetry, state, network, rateLimits, publicMethods, enterpriseToken, revocation, dpop, clientCertificate, limits, legacy, tasks, dangerouslyAllowInsecureIssuers`,
  ],
  [{ drift: undefined }, 'drift: is undefined, which no config file can hold; leave it out or write a value of JSON'],
  [
    { card: new Map() },
    'card: is an object of a class, which no config file can hold; leave it out or write a value of JSON',
  ],
  [{ card: () => 1 }, 'card: is a function, which no config file can hold; leave it out or write a value of JSON'],
];

/** What asks for a feature of a later version. */
const unavailable: [object, string][] = [
  [{ state: { redis: 'redis://:secret@127.0.0.1' } }, 'state.redis: is not available yet; remove it'],
  [{ tasks: { ttlMs: 1 } }, 'tasks.ttlMs: is not available yet, this version accepts only 3600000; leave it out'],
  [{ tasks: { maxRetries: 4 } }, 'tasks.maxRetries: is not available yet, this version accepts only 3; leave it out'],
  [{ tasks: { backoffMs: 1 } }, 'tasks.backoffMs: is not available yet, this version accepts only 1000; leave it out'],
  [
    { tasks: { backoffMultiplier: 1 } },
    'tasks.backoffMultiplier: is not available yet, this version accepts only 2; leave it out',
  ],
  [
    { tasks: { maxBackoffMs: 1 } },
    'tasks.maxBackoffMs: is not available yet, this version accepts only 30000; leave it out',
  ],
  [{ legacy: 'sessions' }, 'legacy: "sessions" is not available yet; write "stateless", "handler" or "reject"'],
];

describe('the line a wrong configuration stops with', () => {
  // @verifies TOKEN-6750-TLS, TOKEN-9728-IDENTIFIER
  it.each(invalid)('names what was seen and expected: %j', async (fields, line) => {
    expect((await setupErrorOf(loadWith(fields))).message).toBe(`${line} (ERR_CONFIG_INVALID)`);
  });

  it.each(unavailable)('says what is not available yet: %j', async (fields, line) => {
    expect((await setupErrorOf(loadWith(fields))).message).toBe(`${line} (ERR_CONFIG_UNAVAILABLE)`);
  });

  it('names what is missing', async () => {
    expect((await setupErrorOf(load({}))).message).toBe(
      'resource: is missing; add it, for example "https://mcp.example.com/mcp" (ERR_CONFIG_INVALID)',
    );
    const { issuers: _, ...rest } = minimal();
    expect((await setupErrorOf(load(rest))).message).toBe(
      'issuers: is missing; add it, for example [{"issuer":"https://login.example.com"}], or set ISSUER_BASE_URL (ERR_CONFIG_INVALID)',
    );
  });

  it('says what is wrong with a configuration that is no object', async () => {
    const like =
      '{"resource":"https://mcp.example.com/mcp","issuers":[{"issuer":"https://login.example.com"}],"card":"./server-card.json"}';
    expect((await setupErrorOf(load(null))).message).toBe(
      `expected an object, saw null; write for example ${like} (ERR_CONFIG_INVALID)`,
    );
    expect((await setupErrorOf(load(7))).message).toBe(
      `expected an object, saw 7; write for example ${like} (ERR_CONFIG_INVALID)`,
    );
    expect((await setupErrorOf(load(undefined))).message).toBe(
      'is undefined, which no config file can hold; leave it out or write a value of JSON (ERR_CONFIG_INVALID)',
    );
  });

  it('tells a misspelt name before the field that is missing because of it', async () => {
    expect((await setupErrorOf(load({ resourse: 'https://a', card: 'b' }))).message).toContain(
      'resourse: is not a known field; did you mean resource?',
    );
  });

  it('tells that a feature is not available before anything about its values', async () => {
    const error = await setupErrorOf(
      loadWith({ clockSkewSeconds: 'x', audit: { hashKey: '${env:NOT_SET}' }, state: { redis: 1 } }),
    );
    expect(error.message).toBe('state.redis: is not available yet; remove it (ERR_CONFIG_UNAVAILABLE)');
  });

  it('shows neither secrets nor what came from a variable', async () => {
    const secret = 'hunter2-hunter2';
    const cases: [object, Record<string, string>][] = [
      [{ audit: { hashKey: [secret] } }, {}],
      [{ audit: { hashKey: 'a${' + secret } }, {}],
      [{ resource: `https://user:${secret}@a.example/` }, {}],
      [{ network: { allowedOrigins: [`https://user:${secret}@a.example`] } }, {}],
      [{ network: { allowedHosts: [`user:${secret}@a.example`] } }, {}],
      [{ network: { allowedOrigins: ['${env:S}'] } }, { S: `https://A.example/${secret}` }],
      [{ legacy: '${env:S}' }, { S: secret }],
      [{ clockSkewSeconds: '${env:S}' }, { S: secret }],
    ];
    for (const [fields, env] of cases) {
      const error = await setupErrorOf(loadWith(fields, env));
      expect(error.message).not.toContain(secret);
      expect(JSON.stringify(error)).not.toContain(secret);
    }
  });

  it('says from where a value came that it does not show', async () => {
    expect((await setupErrorOf(loadWith({ legacy: '${env:LEGACY}' }, { LEGACY: 'no' }))).message).toBe(
      'legacy: expected "stateless", "handler" or "reject", saw the value of "${env:LEGACY}"; write for example "reject" (ERR_CONFIG_INVALID)',
    );
    const { issuers: _, ...rest } = minimal();
    expect(
      (await setupErrorOf(load({ ...rest, issuers: [{ issuer: 'https://a' }] }, { AUDIENCE: ' a' }))).message,
    ).toBe(
      'issuers[0].audience[0]: expected a non-empty text without white space around it, saw the value of AUDIENCE; write for example "https://mcp.example.com/mcp" (ERR_CONFIG_INVALID)',
    );
  });

  it('cuts long values', async () => {
    const error = await setupErrorOf(loadWith({ legacy: 'x'.repeat(10_000) }));
    expect(error.message.length).toBeLessThan(300);
  });
});
