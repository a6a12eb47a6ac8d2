import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import type { Allowed, Refused, Rejected } from './call-tool.ts';
import { resultText } from './result-text.ts';
import { verdictOf, type Attempt } from './verdict.ts';

/** Shows an allowed call with what the tool answered. Resolves to the exit code. */
export async function tellAllowed(answer: Allowed, attempt: Attempt, output: Output): Promise<number> {
  const { result, protocolVersion } = answer;
  const { style } = output;
  const { rule } = attempt;
  if (output.json) {
    await output.dataJson({ verdict: 'yes', ...about(attempt), rule, protocolVersion, result });
    return 0;
  }
  const words = `${style('good', 'yes')} - ${rule === undefined ? 'allowed' : `rule ${printable(rule)}`}`;
  await output.data(result.isError === true ? `${words}  ${style('warn', 'tool_error')}` : words);
  const text = resultText(result);
  if (text !== '') await output.data(text);
  if (result.isError === true) output.message('the call was allowed; the tool itself reported an error');
  return 0;
}

/** Shows an error that is no refusal. Resolves to the exit code. */
export async function tellRejected({ rpcCode, message }: Rejected, attempt: Attempt, output: Output): Promise<number> {
  const next = 'the server could not make sense of the call; check the name of the tool and --args';
  if (output.json) await output.dataJson({ verdict: 'error', ...about(attempt), rpcCode, message, next });
  else await output.data(`${output.style('warn', 'error')} - JSON-RPC ${rpcCode}  ${printable(message)}`);
  output.message(next);
  return 2;
}

/** Shows a refusal: its code and what it needs as data, what to do about it as messages. Resolves to the exit code. */
export async function tellRefused(answer: Refused, attempt: Attempt, output: Output): Promise<number> {
  const { code, needs, message, next, doc, undecided } = verdictOf(answer, attempt);
  const ruled = code === 'ERR_ACCESS_INSUFFICIENT_SCOPE' || code === 'ERR_ACCESS_CONDITION';
  const rule = ruled ? attempt.rule : undefined;
  const exitCode = undecided ? 2 : 1;
  if (output.json) {
    const verdict = undecided ? 'error' : 'no';
    const { status: httpStatus } = answer;
    await output.dataJson({ verdict, ...about(attempt), code, httpStatus, needs, rule, message, next, doc });
    return exitCode;
  }
  const word = undecided ? output.style('warn', 'error') : output.style('bad', 'no');
  const parts = [
    `${word} - ${code}`,
    ...(needs.length === 0 ? [] : [`needs ${printable(needs.join(' '))}`]),
    ...(rule === undefined ? [] : [`rule ${printable(rule)}`]),
  ];
  await output.data(parts.join('  '));
  output.message(`     ${message}`);
  output.message(`     next: ${next}`);
  if (doc !== undefined) output.message(`     ${doc}`);
  return exitCode;
}

function about({ tool, endpoint, signedIn }: Attempt): Readonly<Record<string, unknown>> {
  return { tool, url: endpoint.href, ...(signedIn !== undefined && { granted: signedIn.granted }) };
}
