import { z } from 'zod';
import type { AuditInput } from '../types/config-input.ts';
import type { AuditValues } from '../types/config-values.ts';
import { agreed } from './agreement.ts';
import { absent, field, plainText } from './field.ts';

const noEntries = (): z.ZodArray<z.ZodNever> => z.array(z.never()).max(0);

const audit = z.strictObject({
  directory: field(plainText().exactOptional(), {
    description: 'Folder of the audit log. A relative path starts at the config file.',
    expected: 'a path',
    example: '/var/lib/sallyport/audit',
    defaultText: '`./audit` beside the config file',
  }),
  mirror: absent('A second folder in the same format.'),
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
  mode: field(z.enum(['strict', 'available']).default('strict'), {
    description:
      'What happens when a decision can not be made durable. `strict`: the call does not run and is answered with 503. `available`: it runs, and the gap is recorded with its exact count.',
    expected: '"strict" or "available"',
    example: 'available',
    notYet: ['at-least-one'],
  }),
  level: field(z.enum(['metadata']).default('metadata'), {
    description: 'How much of a call is recorded. `metadata`: arguments only as keyed hashes.',
    expected: '"metadata"',
    example: 'metadata',
    notYet: ['request', 'full'],
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
  signingKey: absent('Key that signs checkpoints.'),
  hashKey: field(z.string().min(1).exactOptional(), {
    description:
      'Secret behind the keyed hashes in records: 32 or more bytes in hexadecimal or Base64, such as `openssl rand -base64 32` makes. Give it through `${file:…}`; the file must not be accessible to group or others. Destroying the key erases what it hid.',
    expected: '32 or more bytes in hexadecimal or Base64',
    example: '${file:/run/secrets/hash.key}',
    defaultText: 'generated beside the log, with a loud line',
    secret: true,
  }),
  rotate: absent('When a new segment begins: `bytes` and `hours`.'),
  retention: absent('How many `days` segments are kept.'),
  anchors: field(noEntries().default([]), {
    description: 'Places outside the host that keep checkpoints.',
    expected: 'an empty list',
    notYet: true,
  }),
  export: field(noEntries().default([]), {
    description: 'Where records are sent besides the log.',
    expected: 'an empty list',
    notYet: true,
  }),
});

export const auditSchema: z.ZodType<AuditValues, AuditInput> = agreed<AuditInput, AuditValues>()(audit);
