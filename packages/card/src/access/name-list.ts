import * as z from 'zod';
import { onOneLine } from '../card/card-problem.ts';

const maxNames = 100;
const maxLength = 256;
const nameRule = `must be a name of 1 to ${maxLength} characters without control characters`;

const name = z.string().refine((text) => text !== '' && text.length <= maxLength && onOneLine(text) === text, {
  error: nameRule,
});

/** `groups` and `roles` of a target: names as the issuer writes them, of which the caller needs one. */
export const nameListSchema: z.ZodType<readonly string[]> = z
  .array(name)
  .refine((names) => names.length >= 1 && names.length <= maxNames, {
    error: `needs 1 to ${maxNames} names`,
    params: { remedy: 'list the names of which a caller needs one, or remove it' },
  });
