import { z } from 'zod';
import { checkLogsEndpoint } from '../checks/logs-endpoint.ts';
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

const exported = z.strictObject({
  type: field(z.enum(['otlp', 'stdout']), {
    description:
      'Where records go. `otlp`: to an OpenTelemetry receiver, as OTLP logs over HTTP. `stdout`: to standard output, each record as the line it is in the log.',
    expected: '"otlp" or "stdout"',
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
    text(checkLogsEndpoint)
      .regex(/^https?:\/\//)
      .exactOptional(),
    {
      description:
        'For `otlp`, and required there: the URL that logs are posted to, as it is; nothing is appended. Must be https, except on a loopback host. Redirects are not followed.',
      expected: 'an absolute https URL with a path, without user information and fragment',
      example: 'https://collector.example.com/v1/logs',
      defaultText: 'none',
    },
  ),
  headers: field(z.record(z.string(), headerValue).exactOptional(), {
    description:
      'For `otlp`: headers of every request, such as credentials of the receiver. Their values count as secrets; give them through `${file:…}` or `${env:…}`.',
    expected: 'an object of texts',
    example: { authorization: 'Bearer ${file:/run/secrets/otlp.token}' },
    defaultText: 'none',
  }),
  format: field(z.enum(['json', 'protobuf']).exactOptional(), {
    description: 'For `otlp`: how the records are encoded.',
    expected: '"json" or "protobuf"',
    example: 'json',
    defaultText: '`protobuf`',
  }),
  compression: field(z.enum(['gzip', 'none']).exactOptional(), {
    description: 'For `otlp`: whether requests are compressed.',
    expected: '"gzip" or "none"',
    example: 'none',
    defaultText: '`gzip`',
  }),
  timeoutMs: field(z.int().min(100).max(300_000).exactOptional(), {
    description: 'For `otlp`: milliseconds for one request. After that the same records are sent again.',
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
  tls: field(tls.exactOptional(), {
    description: 'For `otlp`: certificates of the connection.',
    expected: 'an object',
    example: {},
    defaultText: 'the public authorities, no certificate of its own',
  }),
  dangerouslyAllowInsecureEndpoint: field(z.boolean().exactOptional(), {
    description:
      'For `otlp`: allow http on any host. Records and the headers can then be read and changed on the way. For a receiver in the same pod use a loopback address instead.',
    expected: 'true or false',
    example: true,
    defaultText: '`false`',
  }),
});

export const exportSchema: z.ZodType<ExportInput, ExportInput> = agreed<ExportInput, ExportInput>()(exported);
