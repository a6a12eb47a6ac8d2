import { z } from 'zod';
import type { LogInput } from '../types/config-input.ts';
import type { LogValues } from '../types/config-values.ts';
import { agreed } from './agreement.ts';
import { field } from './field.ts';

const log = z.strictObject({
  level: field(z.enum(['info', 'warn', 'error']).default('info'), {
    description:
      'Which lines are written: those of this level and above. A logger that is given in code keeps its own level. Nothing about the audit log depends on it.',
    expected: '"info", "warn" or "error"',
    example: 'warn',
  }),
});

export const logSchema: z.ZodType<LogValues, LogInput> = agreed<LogInput, LogValues>()(log);
