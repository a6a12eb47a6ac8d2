import type { CardMistake, CardReport } from '@sallyport/card';
import { errorPage } from '@sallyport/core';
import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import type { Problem } from '../terminal/problem.ts';

const shown = 20;
const code = 'ERR_CARD_INVALID';

/** Writes everything that is wrong with a card: for people the first 20 mistakes, for machines up to 200. */
export async function showMistakes(report: CardReport, output: Output): Promise<void> {
  const { file, mistakes, mistakeCount } = report;
  if (output.json) {
    const [first] = mistakes;
    const error = first === undefined ? undefined : problemOf(first, file);
    await output.dataJson({ ok: false, ...(file !== undefined && { file }), error, mistakeCount, mistakes });
    return;
  }
  const { style } = output;
  const lines = mistakes.slice(0, shown).map(({ pointer, position, problem, remedy }) => {
    const place = [file ?? '', ...(position === undefined ? [] : [position.line, position.column])].join(':');
    const where = [place, pointer].filter((part) => part !== '').join(': ');
    return `${style('bad', 'FAIL')}  ${code}  ${printable(`${where}: ${problem}`)}\n      ${printable(remedy)}`;
  });
  const rest = mistakeCount - Math.min(shown, mistakes.length);
  if (rest > 0) lines.push(`      and ${rest} more`);
  lines.push(`      ${style('faint', errorPage(code))}`);
  await output.data(lines.join('\n'));
}

function problemOf({ pointer, position, problem, remedy }: CardMistake, file: string | undefined): Problem {
  return {
    code,
    ...(file !== undefined && { file }),
    ...(position !== undefined && { position }),
    ...(pointer !== '' && { field: pointer }),
    problem,
    remedy,
    doc: errorPage(code),
  };
}
