import { z } from 'zod';
import { checkExportEndpoint } from '../checks/export-endpoint.ts';
import type { ExportInput } from '../types/audit-export-input.ts';
import { agreed } from './agreement.ts';
import { field, plainText, text } from './field.ts';

const pem = (): z.ZodExactOptional<z.ZodString> =>
  z
    .string()
    .regex(/-----BEGIN /)
    .exactOptional();

const headerValue = field(z.string().regex(/^[\x20-\x7e]*$/), {
  description: 'Value of a header.',
  expected: 'printable ASCII characters',
  example: 'Bearer ${file:/run/secrets/otlp.token}',
  secret: true,
});

const tls = z.strictObject({
  ca: field(pem(), {
    description: "Authorities that may sign the receiver's certificate, in PEM, instead of the public ones.",
    expected: 'certificates in PEM',
    example: '${file:/etc/ssl/collector-ca.pem}',
    defaultText: 'the public authorities that Node knows',
  }),
  cert: field(pem(), {
    description: 'Certificate of this server in PEM, for a receiver that asks for one. Needs `key`.',
    expected: 'a certificate in PEM',
    example: '${file:/run/secrets/otlp.pem}',
    defaultText: 'none',
  }),
  key: field(pem(), {
    description:
      'Private key of `cert` in PEM. Give it through `${file:…}`; the file must not be accessible to group or others.',
    expected: 'a private key in PEM',
    example: '${file:/run/secrets/otlp.key}',
    defaultText: 'none',
    secret: true,
  }),
});

const secret = field(z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/), {
  description: 'A secret.',
  expected: 'whsec_ and 24 to 64 bytes in Base64',
  example: '${file:/run/secrets/webhook.secret}',
  secret: true,
});

const exported = z.strictObject({
  type: field(z.enum(['otlp', 'stdout', 'syslog', 'webhook']), {
    description:
      'Where records go. `otlp`: to an OpenTelemetry receiver, as OTLP logs over HTTP. `stdout`: to standard output, each record as the line it is in the log. `syslog`: to a syslog receiver, as RFC 5424 over TLS or TCP. `webhook`: to an HTTP endpoint, as JSON signed by Standard Webhooks.',
    expected: '"otlp", "stdout", "syslog" or "webhook"',
    example: 'otlp',
  }),
  name: field(
    z
      .string()
      .regex(/^[a-z0-9_]{1,32}$/)
      .exactOptional(),
    {
      description:
        'Name of the export, in its cursor file `export-<stream>-<name>.cursor`, its metrics and its log lines. Each has its own. An export with a new name begins with the first record of the log.',
      expected: '1 to 32 lower-case letters, digits and underscores',
      example: 'siem',
      defaultText: 'the type',
    },
  ),
  endpoint: field(
    text(checkExportEndpoint)
      .regex(/^(?:https?|syslog\+tls|syslog\+tcp):\/\//)
      .exactOptional(),
    {
      description:
        'Required for all but `stdout`. For `otlp` and `webhook` the URL that is posted to, as it is: https, except on a loopback host; redirects are not followed. For `syslog` `syslog+tls://host:port` (without a port 6514), or `syslog+tcp://host:port` for plain TCP on a loopback host.',
      expected: 'an absolute https URL without user information and fragment, or syslog+tls://host:port',
      example: 'https://collector.example.com/v1/logs',
      defaultText: 'none',
    },
  ),
  headers: field(z.record(z.string(), headerValue).exactOptional(), {
    description:
      'For `otlp` and `webhook`: headers of every request, such as credentials of the receiver. Their values count as secrets; give them through `${file:…}` or `${env:…}`.',
    expected: 'an object of texts',
    example: { authorization: 'Bearer ${file:/run/secrets/otlp.token}' },
    defaultText: 'none',
  }),
  format: field(z.enum(['json', 'protobuf', 'ocsf', 'ecs', 'cef']).exactOptional(), {
    description:
      'How the records are written. For `otlp` `protobuf` or `json`. For `syslog` `json`, the record as it is in the log, `ecs` (Elastic Common Schema 9.4) or `cef` (ArcSight CEF). For `webhook` `json`, `ocsf` (OCSF 1.8) or `ecs`.',
    expected: '"json", "protobuf", "ocsf", "ecs" or "cef"',
    example: 'json',
    defaultText: '`protobuf` for `otlp`, else `json`',
  }),
  compression: field(z.enum(['gzip', 'none']).exactOptional(), {
    description: 'For `otlp`: whether requests are compressed.',
    expected: '"gzip" or "none"',
    example: 'none',
    defaultText: '`gzip`',
  }),
  timeoutMs: field(z.int().min(100).max(300_000).exactOptional(), {
    description:
      'For all but `stdout`: milliseconds for one request, or one batch of `syslog`. After that the same records are sent again.',
    expected: 'an integer from 100 to 300000',
    example: 30_000,
    defaultText: '`10000`',
  }),
  serviceName: field(plainText().exactOptional(), {
    description: 'For `otlp`: `service.name` of the resource that the records belong to.',
    expected: 'a name',
    example: 'notes-mcp',
    defaultText: 'the environment variable `OTEL_SERVICE_NAME`, else `sallyport`',
  }),
  confirm: field(z.enum(['close', 'sent']).exactOptional(), {
    description:
      'For `syslog`, which has no acknowledgement: what counts as arrived. `close`: a new connection for each batch, which the receiver ends after its last byte; it must take three at once. `sent`: this host has taken the bytes; for receivers that do not end connections. What is on its way when the connection breaks is lost then.',
    expected: '"close" or "sent"',
    example: 'sent',
    defaultText: '`close`',
  }),
  facility: field(z.int().min(0).max(23).exactOptional(), {
    description:
      'For `syslog`: the facility of the messages (RFC 5424 §6.2.1), such as 13 for "log audit" or 10 for "authpriv".',
    expected: 'an integer from 0 to 23',
    example: 10,
    defaultText: '`13`',
  }),
  secrets: field(z.array(secret).min(1).max(8).exactOptional(), {
    description:
      'For `webhook`, and required there: what requests are signed with (Standard Webhooks): `whsec_` and 24 to 64 bytes in Base64. Every request has a signature for each, so that one can be replaced without a gap. Give them through `${file:…}` or `${env:…}`.',
    expected: 'a list of 1 to 8 secrets',
    example: ['${file:/run/secrets/webhook.secret}'],
    defaultText: 'none',
  }),
  tls: field(tls.exactOptional(), {
    description: 'For all but `stdout`: certificates of the connection.',
    expected: 'an object',
    example: {},
    defaultText: 'the public authorities, no certificate of its own',
  }),
  dangerouslyAllowInsecureEndpoint: field(z.boolean().exactOptional(), {
    description:
      'For all but `stdout`: allow http, or syslog over plain TCP, on any host. Records and headers can then be read on the way, and changed. For a receiver in the same pod use a loopback address instead.',
    expected: 'true or false',
    example: true,
    defaultText: '`false`',
  }),
});

export const exportSchema: z.ZodType<ExportInput, ExportInput> = agreed<ExportInput, ExportInput>()(exported);
