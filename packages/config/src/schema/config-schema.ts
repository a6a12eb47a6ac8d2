import { z } from 'zod';
import { checkResource } from '../checks/endpoint-url.ts';
import type { ConfigInput, TasksInput } from '../types/config-input.ts';
import type { ConfigValues } from '../types/config-values.ts';
import { agreed } from './agreement.ts';
import { auditSchema } from './audit-schema.ts';
import { clientCertificateSchema, dpopSchema } from './binding-schema.ts';
import { absent, entry, field, plainText, text } from './field.ts';
import { enterpriseTokenSchema, issuerSchema } from './issuer-schema.ts';
import { revocationSchema } from './revocation-schema.ts';
import { stepUpSchema } from './step-up-schema.ts';
import { logSchema } from './log-schema.ts';
import { telemetrySchema } from './telemetry-schema.ts';
import { limitsSchema, networkSchema, rateLimitsSchema } from './traffic-schema.ts';

const card = z.union([plainText(), z.looseObject({})]) as unknown as z.ZodType<string | object, string | object>;

/** RFC 6749 §3.3, `scope-token`. */
const scope = text((value) =>
  value === 'offline_access'
    ? { problem: '"offline_access" is for clients to ask for, not for a server to demand', remedy: 'remove it' }
    : undefined,
).regex(/^[!#-[\]-~]+$/);

const publicMethods = ['server/discover', 'initialize', 'ping'] as const;

function task<T extends number>(value: T, description: string): z.ZodDefault<z.ZodLiteral<T>> {
  return field(z.literal(value).default(value as never), { description, expected: `${value}`, notYet: true });
}

const tasks = agreed<TasksInput, Required<TasksInput>>()(
  z.strictObject({
    ttlMs: task(3_600_000, 'Milliseconds from the creation of a task until it expires.'),
    maxRetries: task(3, 'How often a task that failed for a transient reason is tried again.'),
    backoffMs: task(1000, 'Milliseconds before the first retry.'),
    backoffMultiplier: task(2, 'By what each further wait is longer.'),
    maxBackoffMs: task(30_000, 'The longest wait in milliseconds.'),
  }),
);

const config = z.strictObject({
  $schema: field(z.string().exactOptional(), {
    description: 'Where an editor finds the JSON Schema of this file. Has no effect.',
    expected: 'a URL',
    example: 'https://sallyport.dev/schema/config.json',
  }),
  resource: field(text(checkResource).regex(/^https?:\/\//), {
    description:
      'Resource identifier of the server: the URL clients use (RFC 9728 §1.2). Its path is where MCP is mounted. Everything that names the server to others is made from it, never from a request. Must be https, except on a loopback host.',
    expected: 'an absolute https URL without user information, query and fragment',
    example: 'https://mcp.example.com/mcp',
  }),
  issuers: field(
    z
      .array(entry(issuerSchema, 'an object', { issuer: 'https://login.example.com' }))
      .min(1)
      .exactOptional(),
    {
      description: 'Issuers whose access tokens are accepted.',
      expected: 'a non-empty list of issuers',
      example: [{ issuer: 'https://login.example.com' }],
      defaultText: 'one issuer, from the environment variable `ISSUER_BASE_URL`; without that the field is required',
    },
  ),
  clockSkewSeconds: field(z.int().min(0).max(300).default(30), {
    description: 'Seconds by which the clocks of issuer and server may differ.',
    expected: 'an integer from 0 to 300',
    example: 60,
  }),
  card: field(card, {
    description:
      'The Server Card, which declares who may call what: a path relative to the config file, or the card itself.',
    expected: 'a path or an object',
    example: './server-card.json',
  }),
  signInScopes: field(z.array(entry(scope, 'a scope (RFC 6749 §3.3)', 'notes:read')).default([]), {
    description:
      'Scopes a caller without a token is asked for: `scope` of the 401 challenge and `scopes_supported` of the metadata. Each must be in the card.',
    expected: 'a list of scopes',
    example: ['notes:read'],
  }),
  publish: field(z.enum(['full', 'identity']).default('full'), {
    description:
      'How much of the card is published. `full`: also tools, resources, prompts and scopes that are not hidden. `identity`: only what the server is.',
    expected: '"full" or "identity"',
    example: 'identity',
  }),
  drift: field(z.enum(['error', 'warn']).default('error'), {
    description:
      'What happens at start when the card and what the server registers differ. What is not declared stays unreachable either way.',
    expected: '"error" or "warn"',
    example: 'warn',
  }),
  enforcement: field(z.enum(['enforce', 'observe']).default('enforce'), {
    description:
      'Whether the policy of the card refuses. `observe`: what only the policy would refuse is recorded as denied and passes, and lists are not filtered; see `docs/observe-mode.md`. Everything else refuses as always: authentication, network, limits, malformed requests, sessions of others, an audit log that can not be written.',
    expected: '"enforce" or "observe"',
    example: 'observe',
  }),
  stepUp: field(stepUpSchema.prefault({}), {
    description: 'Help for clients that do not step up as MCP says; see `docs/step-up.md`.',
    expected: 'an object',
    example: { repeatGrantedScopes: true },
  }),
  cursorKey: field(z.string().min(32).exactOptional(), {
    description:
      'Secret that seals the `nextCursor` of lists, so that a cursor is good only for the caller it was given to and shows nothing of what it stands for: 32 or more characters, such as `openssl rand -base64 32` makes. Processes that serve the same resource need the same one, if their lists have pages. Give it through `${file:…}` or `${env:…}`.',
    expected: 'a text of 32 or more characters',
    example: '${file:/run/secrets/cursor.key}',
    defaultText: 'random, for this process alone',
    secret: true,
  }),
  audit: field(auditSchema.prefault({}), {
    description: 'The audit log.',
    expected: 'an object',
    example: { directory: './audit' },
  }),
  log: field(logSchema.prefault({}), {
    description: 'Operational logs, on stderr; see `docs/operational-logs.md`.',
    expected: 'an object',
    example: { level: 'warn' },
  }),
  telemetry: field(telemetrySchema.prefault({}), {
    description: 'Spans and metrics, for the OpenTelemetry of the host; see `docs/telemetry.md`.',
    expected: 'an object',
    example: { remoteParent: 'link' },
  }),
  state: field(z.strictObject({ redis: absent('URL of a Redis server.') }).exactOptional(), {
    description: 'What several processes share. Without it everything is in memory.',
    expected: 'an object',
    example: {},
  }),
  network: field(networkSchema.prefault({}), {
    description: 'Which requests reach the endpoint at all.',
    expected: 'an object',
    example: { allowedOrigins: ['https://app.example.com'] },
  }),
  rateLimits: field(rateLimitsSchema.prefault({}), {
    description:
      'How many requests are served, in fixed windows: a count, a slash and a window in seconds, minutes or hours.',
    expected: 'an object',
    example: { perAddress: '50/s' },
  }),
  publicMethods: field(
    z.array(entry(z.enum(publicMethods), 'one of "server/discover", "initialize", "ping"', 'ping')).default([]),
    {
      description: 'Methods that may be called without a token, at most 100 times a second from one address.',
      expected: 'a list of "server/discover", "initialize", "ping"',
      example: ['server/discover'],
    },
  ),
  enterpriseToken: field(enterpriseTokenSchema.exactOptional(), {
    description:
      'Accept a token in a header of its own, with an issuer and audience of its own, from proxies in `network.trustedProxies`, which must then be a list. Only the peer of the connection counts; from anybody else the header is ignored. It comes first and is not replaced: when it is there and does not hold, the answer is 401; when an access token beside it names somebody else, 400. It is removed before the handler.',
    expected: 'an object',
    example: { header: 'X-Enterprise-Token', issuer: 'https://sso.example.com' },
    defaultText: 'the header is ignored',
    sameAs: 'issuers[]',
  }),
  revocation: field(revocationSchema.prefault({}), {
    description: 'How tokens are taken back before they expire.',
    expected: 'an object',
    example: { file: './revocations.jsonl' },
  }),
  dpop: field(dpopSchema.prefault({}), {
    description: 'Tokens bound to a key of the client (RFC 9449).',
    expected: 'an object',
    example: { mode: 'accept' },
  }),
  clientCertificate: field(clientCertificateSchema.exactOptional(), {
    description:
      'Accept tokens bound to a client certificate (RFC 8705) that a proxy passes on in a header (RFC 9440). Only a proxy in `network.trustedProxies`, which must then be a list, is believed; the header is removed before the handler. Without this field such tokens are refused.',
    expected: 'an object',
    example: {},
    defaultText: 'no certificate is believed',
  }),
  limits: field(limitsSchema.prefault({}), {
    description: 'How large a request may be.',
    expected: 'an object',
    example: { bodyBytes: 262_144 },
  }),
  legacy: field(z.enum(['stateless', 'handler', 'reject']).default('stateless'), {
    description:
      'How clients of the revisions 2025-03-26 to 2025-11-25 are served. `stateless`: POST only. `handler`: the mounted handler keeps sessions, bound to their principal. `reject`: not at all.',
    expected: '"stateless", "handler" or "reject"',
    example: 'reject',
    notYet: ['sessions'],
  }),
  tasks: field(tasks.prefault({}), { description: 'Calls that run as tasks.', expected: 'an object', example: {} }),
  dangerouslyAllowInsecureIssuers: field(z.boolean().default(false), {
    description: 'Allow http issuers on loopback hosts. For development and tests only.',
    expected: 'true or false',
    example: true,
  }),
});

export const configSchema: z.ZodType<ConfigValues, ConfigInput> = agreed<ConfigInput, ConfigValues>()(
  field(config, {
    description: 'Configuration of a server behind Sallyport.',
    expected: 'an object',
    example: {
      resource: 'https://mcp.example.com/mcp',
      issuers: [{ issuer: 'https://login.example.com' }],
      card: './server-card.json',
    },
  }),
);
