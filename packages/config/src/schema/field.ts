import { z } from 'zod';

/** What a schema says about a field beyond its shape: the one source of documentation, JSON Schema and error messages. */
export interface FieldNotes {
  /** What the field does, in Markdown. */
  readonly description: string;
  /** What may stand here, as the end of `expected …`. */
  readonly expected: string;
  readonly example?: unknown;
  /** The default in words, where it depends on something else. */
  readonly defaultText?: string;
  /** True for a value that must never be shown, logged or hashed. */
  readonly secret?: true;
  /** The path of an object whose fields this one has too, so that they are described once. */
  readonly sameAs?: string;
  /** True: no value but the default is available yet. A list: these values are not. */
  readonly notYet?: true | readonly string[];
}

/** The names under which notes stand in the annotated JSON Schema. */
export const annotation = {
  expected: 'x-expected',
  defaultText: 'x-default-text',
  notYet: 'x-not-available-yet',
  sameAs: 'x-same-as',
} as const;

/** Attaches notes to a schema. Call it last: defaults and optionality must be on the inside. */
export function field<S extends z.ZodType>(schema: S, notes: FieldNotes): S {
  return schema.meta({
    description: notes.description,
    [annotation.expected]: notes.expected,
    ...(notes.example === undefined ? {} : { examples: [notes.example] }),
    ...(notes.defaultText === undefined ? {} : { [annotation.defaultText]: notes.defaultText }),
    ...(notes.secret === undefined ? {} : { writeOnly: true }),
    ...(notes.sameAs === undefined ? {} : { [annotation.sameAs]: notes.sameAs }),
    ...(notes.notYet === undefined ? {} : { [annotation.notYet]: notes.notYet }),
  });
}

/** Notes for the entries of a list, which are described by the list. */
export function entry<S extends z.ZodType>(schema: S, expected: string, example: unknown): S {
  return schema.meta({ [annotation.expected]: expected, examples: [example] });
}

/** A field of a feature that is not built yet. */
export function absent(description: string): z.ZodExactOptional<z.ZodNever> {
  return field(z.never().exactOptional(), { description, expected: 'nothing', notYet: true });
}

/** What is wrong with a text, for the error message. Nothing in it may repeat the text but `suggestion`. */
export interface Complaint {
  /** What was seen, in words; `, expected …` follows. Without it the text itself is shown. */
  readonly fault?: string;
  /** Instead of all that. */
  readonly problem?: string;
  /** What was probably meant. Not shown when the text came from a variable or a file. */
  readonly suggestion?: string;
  readonly remedy?: string;
}

/** A string that passes a check of its own. */
export function text(check: (value: string) => Complaint | undefined): z.ZodString {
  return z.string().superRefine((value, context) => {
    const complaint = check(value);
    if (complaint !== undefined) context.addIssue({ code: 'custom', params: { complaint } });
  });
}

/** Non-empty, no control characters, no white space around it. */
export function plainText(): z.ZodString {
  return text((value) => (value === '' || value !== value.trim() || /\p{Cc}/u.test(value) ? {} : undefined)).min(1);
}
