import { errorText } from '@sallyport/core';

/** Shorter texts stand in too many others. */
const minLength = 4;
/** A longer text is recognised by its beginning. */
const maxLength = 64;
const maxValues = 1_024;

/**
 * An error for the log: itself, or one of the same name and stack without a message when its message, or that of a cause, repeats a text
 * or number of the arguments; their names are no secret. Handlers put arguments into messages; the audit log decides what of them may be seen.
 */
export function concealArguments(error: unknown, args: unknown): unknown {
  if (args === undefined) return error;
  const text = errorText(error);
  if (!repeats(text, args)) return error;
  const concealed = new Error('the message is hidden: it repeats an argument of the call');
  concealed.name = error instanceof Error ? error.constructor.name : 'Error';
  if (error instanceof Error && typeof error.stack === 'string') concealed.stack = error.stack;
  return concealed;
}

function repeats(text: string, args: unknown): boolean {
  const left: unknown[] = [args];
  for (let seen = 0; left.length > 0; seen++) {
    // Too many to look at all of them: then nothing is known to be safe.
    if (seen >= maxValues) return true;
    const value = left.pop();
    if (typeof value === 'object' && value !== null) {
      const members: readonly unknown[] = Object.values(value);
      if (members.length > maxValues) return true;
      left.push(...members);
    } else if (typeof value === 'string' || typeof value === 'number') {
      const leaf = String(value);
      if (leaf.length >= minLength && text.includes(leaf.slice(0, maxLength))) return true;
    }
  }
  return false;
}
