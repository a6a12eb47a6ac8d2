import { inspectCard, requireScopesDeclared, type Card } from '@sallyport/card';
import { loadConfig, type SallyportConfig } from '@sallyport/config';
import { SetupError } from '@sallyport/core';
import { showMistakes } from '../card/show-mistakes.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import { isUnreadableFile } from '../terminal/is-unreadable-file.ts';
import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { describeProblem, problemOf } from '../terminal/problem.ts';
import { renderTable } from '../terminal/render-table.ts';
import { configRows } from './config-rows.ts';
import { configSummary } from './config-summary.ts';

/**
 * Checks what a server would check before it opens anything: the file and the card it names. Resolves to the exit code.
 *
 * @throws SetupError when the file itself can not be read.
 */
export async function checkConfig(file: string, env: CommandIo['env'], output: Output): Promise<number> {
  try {
    const config = await loadConfig(file, { env });
    const report = await inspectCard(config.card, { file, pointer: '/card' });
    const { card } = report;
    if (card === undefined) {
      await showMistakes(report, output);
      return 1;
    }
    requireScopesDeclared(card, config.signInScopes, { file });
    await showConfig(config, card, output);
    return 0;
  } catch (error) {
    if (!(error instanceof SetupError) || (error.code === 'ERR_CONFIG_UNREADABLE' && isUnreadableFile(error)))
      throw error;
    const problem = problemOf(error);
    await (output.json
      ? output.dataJson({ ok: false, error: problem })
      : output.data(describeProblem(problem, 'FAIL', output.style)));
    return 1;
  }
}

async function showConfig(config: SallyportConfig, card: Card, output: Output): Promise<void> {
  for (const { text } of config.warnings) output.warning(text);
  const summary = configSummary(config, card);
  if (output.json) {
    await output.dataJson({ ok: true, ...summary });
    return;
  }
  const head = `${output.style('good', 'PASS')}  ${printable(config.file ?? '')}  ${config.hash}`;
  const columns = [{ title: 'field' }, { title: 'value' }];
  const table = renderTable(columns, configRows(summary), { style: output.style, bare: true });
  await output.data(`${head}\n\n${table}`);
}
