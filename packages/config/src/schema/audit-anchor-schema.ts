import { z } from 'zod';
import { checkEndpoint } from '../checks/endpoint-url.ts';
import type { AnchorInput } from '../types/audit-anchor.ts';
import { agreed } from './agreement.ts';
import { field, plainText, text } from './field.ts';

const headerValue = field(z.string().regex(/^[\x20-\x7e]*$/), {
  description: 'Value of a header.',
  expected: 'printable ASCII characters',
  example: 'Bearer ${file:/run/secrets/anchor.token}',
  secret: true,
});

const anchor = z.strictObject({
  type: field(z.enum(['file', 'http', 'otlp']), {
    description:
      'Where checkpoints go. `file`: appended to a file, which belongs on another mount or host. `http`: posted as `text/plain`, a C2SP signed note each, to an endpoint that keeps them. `otlp`: sent to an OpenTelemetry receiver, as log records with the signed note as body.',
    expected: '"file", "http" or "otlp"',
    example: 'file',
  }),
  path: field(plainText().exactOptional(), {
    description:
      'For `file`, and required there: the file. It is made when missing; its folder is not. A relative path starts at the config file.',
    expected: 'a path',
    example: '/mnt/evidence/checkpoints.jsonl',
    defaultText: 'none',
  }),
  url: field(
    text(checkEndpoint)
      .regex(/^https?:\/\//)
      .exactOptional(),
    {
      description:
        'For `http` and `otlp`, and required there: the URL that is posted to, as it is. Must be https, except on a loopback host. Redirects are not followed.',
      expected: 'an absolute https URL without user information and fragment',
      example: 'https://evidence.example.com/checkpoints',
      defaultText: 'none',
    },
  ),
  headers: field(z.record(z.string(), headerValue).exactOptional(), {
    description:
      'For `http` and `otlp`: headers of every request, such as credentials of the receiver. Their values count as secrets; give them through `${file:…}` or `${env:…}`.',
    expected: 'an object of texts',
    example: { authorization: 'Bearer ${file:/run/secrets/anchor.token}' },
    defaultText: 'none',
  }),
  intervalSeconds: field(z.int().min(1).max(3600).exactOptional(), {
    description:
      'Fewest seconds between two checkpoints that are sent. What was changed in records after the last one that arrived can not be proved.',
    expected: 'an integer from 1 to 3600',
    example: 60,
    defaultText: '`10`',
  }),
});

export const anchorSchema: z.ZodType<AnchorInput, AnchorInput> = agreed<AnchorInput, AnchorInput>()(anchor);
