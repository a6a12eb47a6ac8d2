import { z } from 'zod';
import type { AuditInput } from '../types/audit-input.ts';
import type { AuditValues } from '../types/config-values.ts';
import { agreed } from './agreement.ts';
import { anchorSchema } from './audit-anchor-schema.ts';
import { exportSchema } from './audit-export-schema.ts';
import { retentionSchema, rotateSchema } from './audit-segment-schema.ts';
import { entry, field, plainText } from './field.ts';

const audit = z.strictObject({
  directory: field(plainText().exactOptional(), {
    description: 'Folder of the audit log. A relative path starts at the config file.',
    expected: 'a path',
    example: '/var/lib/sallyport/audit',
    defaultText: '`./audit` beside the config file',
  }),
  mirror: field(plainText().exactOptional(), {
    description:
      'A second folder, on another disk, that gets the same records in the same format. With mode `strict` both must have a decision before its call runs, with `at-least-one` one of them. Make the folder on the mounted disk: a disk that is not mounted is then noticed.',
    expected: 'a path',
    example: '/mnt/second/audit',
    defaultText: 'none',
  }),
  stream: field(
    z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/)
      .exactOptional(),
    {
      description:
        'Name of the log this process writes. Processes that write into the same folder at the same time need different names.',
      expected: '1 to 64 letters, digits, dots, underscores or hyphens',
      example: 'pod-a',
      defaultText: 'the host name, other characters replaced by hyphens',
    },
  ),
  mode: field(z.enum(['strict', 'at-least-one', 'available']).default('strict'), {
    description:
      'What happens when a decision can not be made durable. `strict`: the call does not run and is answered with 503. `at-least-one`: the same, but the log or its `mirror` is enough. `available`: it runs, and the gap is recorded with its exact count. The card can say otherwise for a tool.',
    expected: '"strict", "at-least-one" or "available"',
    example: 'at-least-one',
  }),
  level: field(z.enum(['metadata', 'request', 'full']).default('metadata'), {
    description:
      'How much of a call is recorded. `metadata`: arguments only as keyed hashes. `request`: arguments in clear, but for what the card calls `sensitive`, has the name of a credential or looks like one. `full`: results as well, in the same way. The card can say otherwise for a tool.',
    expected: '"metadata", "request" or "full"',
    example: 'request',
  }),
  origin: field(
    z
      .string()
      .regex(/^[!-*,-~]{1,255}$/)
      .exactOptional(),
    {
      description:
        'First part of the checkpoint origin and of the key name; the stream name follows it. A host name you own, with or without a path, no scheme (C2SP tlog-checkpoint).',
      expected: '1 to 255 printable ASCII characters without spaces and plus signs',
      example: 'mcp.example.com/audit',
      defaultText: '`resource` without its scheme',
    },
  ),
  signingKey: field(z.string().min(1).exactOptional(), {
    description:
      'Ed25519 key that signs the checkpoints of the log: PKCS #8 in PEM, such as `openssl genpkey -algorithm ed25519` makes, or its seed of 32 bytes in hexadecimal or Base64. Give it through `${file:…}`; the file must not be accessible to group or others, and is best kept where who can write the log can not read it.',
    expected: 'a private key',
    example: '${file:/run/secrets/audit.key}',
    defaultText: 'generated beside the log, with a loud line',
    secret: true,
  }),
  previousSigningKey: field(z.string().min(1).exactOptional(), {
    description:
      'The key that `signingKey` replaces. At the next start it signs for its successor, once; then it can be removed. Not needed for keys that were generated beside the log.',
    expected: 'a private key',
    example: '${file:/run/secrets/audit-old.key}',
    defaultText: 'none',
    secret: true,
  }),
  hashKey: field(z.string().min(1).exactOptional(), {
    description:
      'Secret behind the keyed hashes in records: 32 or more bytes in hexadecimal or Base64, such as `openssl rand -base64 32` makes. Give it through `${file:…}`; the file must not be accessible to group or others. Destroying the key erases what it hid.',
    expected: '32 or more bytes in hexadecimal or Base64',
    example: '${file:/run/secrets/hash.key}',
    defaultText: 'generated beside the log, with a loud line',
    secret: true,
  }),
  pseudonymizeSubjects: field(z.boolean().default(false), {
    description:
      'Record keyed hashes instead of the subjects of callers and of those they act for: one subject of one issuer and tenant has one hash. Who holds `hashKey` can compute it; destroying the key makes the records anonymous. Names and e-mail addresses of tokens are never recorded.',
    expected: 'true or false',
    example: true,
  }),
  rotate: field(rotateSchema.prefault({}), {
    description: 'When a segment is followed by a new one.',
    expected: 'an object',
    example: { bytes: 67_108_864, hours: 1 },
  }),
  retention: field(retentionSchema.exactOptional(), {
    description:
      'When segments are deleted: whole ones only, the oldest first, never the open one, and none with a record that is not signed yet or that an export still has to send. What is deleted is recorded.',
    expected: 'an object',
    example: { days: 400 },
    defaultText: 'nothing is deleted',
  }),
  anchors: field(
    z.array(entry(anchorSchema, 'an object', { type: 'file', path: '/mnt/evidence/checkpoints.jsonl' })).default([]),
    {
      description:
        'Places outside the host that keep checkpoints. Whoever can write the log and its keys can rewrite both; only what was held elsewhere proves it.',
      expected: 'a list of anchors',
      example: [{ type: 'file', path: '/mnt/evidence/checkpoints.jsonl' }],
    },
  ),
  export: field(
    z
      .array(entry(exportSchema, 'an object', { type: 'otlp', endpoint: 'https://collector.example.com/v1/logs' }))
      .default([]),
    {
      description:
        'Where records are sent besides the log, each at least once: what was sent is kept in a cursor file beside the log. `OTEL_*` variables alone never create an export.',
      expected: 'a list of exports',
      example: [{ type: 'otlp', endpoint: 'https://collector.example.com/v1/logs' }],
    },
  ),
});

export const auditSchema: z.ZodType<AuditValues, AuditInput> = agreed<AuditInput, AuditValues>()(audit);
