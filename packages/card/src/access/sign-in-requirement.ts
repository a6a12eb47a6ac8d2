import * as z from 'zod';

/** One value of `acr_values`, which are separated by spaces and stand in a quoted-string (RFC 9470 §3). */
const acrValue = z.string().refine((text) => text.length <= 256 && /^[\u0021\u0023-\u005B\u005D-\u007E]+$/.test(text), {
  error: 'must be 1 to 256 printable ASCII characters without space, quote and backslash',
});

/** All values together: they have to fit into a challenge. */
const maxLength = 1024;

/** Longer than anybody stays signed in. */
const maxSeconds = 31_536_000;

const ageRule = `must be a whole number of seconds from 1 to ${maxSeconds}`;

/** `authentication` of a target: how the user must have signed in (RFC 9470). */
export const signInSchema: z.ZodType<SignInInput> = z
  .strictObject({
    acrValues: z
      .array(acrValue)
      .refine((values) => values.length >= 1 && values.length <= 16 && values.join(' ').length <= maxLength, {
        error: `needs 1 to 16 values of together at most ${maxLength} characters`,
        params: { remedy: 'list the values that are accepted, the preferred one first, or remove it' },
      })
      .optional(),
    maxAgeSeconds: z
      .number({ error: ageRule })
      .refine((value) => Number.isInteger(value) && value >= 1 && value <= maxSeconds, { error: ageRule })
      .optional(),
  })
  .refine(({ acrValues, maxAgeSeconds }) => acrValues !== undefined || maxAgeSeconds !== undefined, {
    error: 'asks for nothing',
    params: { remedy: 'set "acrValues" or "maxAgeSeconds", or remove it' },
  });

/** As the card writes it. */
export interface SignInInput {
  readonly acrValues?: readonly string[] | undefined;
  readonly maxAgeSeconds?: number | undefined;
}
