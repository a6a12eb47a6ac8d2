import { z } from 'zod';
import type { RetentionInput, RotateInput } from '../types/audit-input.ts';
import type { RotateValues } from '../types/config-values.ts';
import { agreed } from './agreement.ts';
import { field } from './field.ts';

const rotate = z.strictObject({
  bytes: field(z.int().min(4096).max(1_099_511_627_776).default(268_435_456), {
    description: 'Bytes from which on nothing more is added to a segment.',
    expected: 'an integer from 4096 to 1099511627776',
    example: 67_108_864,
  }),
  hours: field(z.number().positive().max(8760).default(24), {
    description: 'Hours from which on nothing more is added to a segment.',
    expected: 'a number above 0, at most 8760',
    example: 1,
  }),
});

export const rotateSchema: z.ZodType<RotateValues, RotateInput> = agreed<RotateInput, RotateValues>()(rotate);

const retention = z.strictObject({
  days: field(z.number().positive().max(36_500), {
    description: 'Days after its last record until a segment is deleted.',
    expected: 'a number above 0, at most 36500',
    example: 400,
  }),
  bytes: field(z.int().min(4096).exactOptional(), {
    description:
      'Bytes that the segments of a stream may have together; beyond, the oldest are deleted before their time.',
    expected: 'an integer from 4096 on',
    example: 10_737_418_240,
    defaultText: 'no limit',
  }),
});

export const retentionSchema: z.ZodType<RetentionInput, RetentionInput> = agreed<RetentionInput, RetentionInput>()(
  retention,
);
