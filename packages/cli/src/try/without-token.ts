import { SetupError } from '@sallyport/core';
import type { Output } from '../terminal/output.ts';
import { printableJson } from '../terminal/printable.ts';

const mark = '[access token]';

/** The same output with the token taken out of everything that is written: a server may send back what it got. */
export function withoutToken(output: Output, token: string | undefined): Output {
  if (token === undefined) return output;
  const clean = (text: string): string => text.replaceAll(token, mark);
  return {
    ...output,
    data: (text) => output.data(clean(text)),
    // A token holds no character that JSON writes in another way.
    dataJson: (value) => output.data(clean(printableJson(value))),
    message: (text) => output.message(clean(text)),
  };
}

/** The same error with the token taken out of what it says. */
export function errorWithoutToken(error: unknown, token: string | undefined): unknown {
  if (token === undefined || !(error instanceof Error) || !error.message.includes(token)) return error;
  if (!(error instanceof SetupError)) return new Error(error.message.replaceAll(token, mark));
  return new SetupError({
    code: error.code,
    problem: error.problem.replaceAll(token, mark),
    remedy: error.remedy.replaceAll(token, mark),
  });
}
