import type { Output } from '../terminal/output.ts';
import { printableJson } from '../terminal/printable.ts';

const mark = '[access token]';

/** The same output with the token taken out of everything that is written. */
export function withoutToken(output: Output, token: string | undefined): Output {
  if (token === undefined || token === '') return output;
  const clean = (text: string): string => text.replaceAll(token, mark);
  return {
    ...output,
    data: (text) => output.data(clean(text)),
    // A token holds no character that JSON writes in another way.
    dataJson: (value) => output.data(clean(printableJson(value))),
    message: (text) => output.message(clean(text)),
    warning: (text) => output.warning(clean(text)),
    problem: (problem) =>
      output.problem({ ...problem, problem: clean(problem.problem), remedy: clean(problem.remedy) }),
  };
}
