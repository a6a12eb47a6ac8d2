import { expectedStatus, type Scenario } from '../plan/scenario.ts';
import { answeredText } from '../server/call.ts';

export interface Answer {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly body: string;
}

/** Says what is wrong with an answer, or `undefined` when it is the right one. `listed`: how many tools a list must hold. */
export function checkAnswer(scenario: Scenario, answer: Answer, listed = 0): string | undefined {
  const seen = `${answer.status} ${answer.challenge ?? ''} ${answer.body.slice(0, 300)}`;
  const status = expectedStatus[scenario];
  if (answer.status !== status) return `expected ${status}, seen ${seen}`;
  if (scenario === 'list') return isRightList(answer.body, listed) ? undefined : `wrong list: ${seen}`;
  return (status === 200 ? isRightResult(answer.body) : isRightRefusal(answer)) ? undefined : `wrong answer: ${seen}`;
}

function isRightResult(body: string): boolean {
  const message = parse(body) as
    | { id?: unknown; result?: { content?: { text?: unknown }[]; isError?: unknown } }
    | undefined;
  return message?.id === 1 && message.result?.isError !== true && message.result?.content?.[0]?.text === answeredText;
}

function isRightList(body: string, listed: number): boolean {
  const { result } = (parse(body) ?? {}) as { result?: { tools?: unknown[] } };
  return result?.tools?.length === listed;
}

function isRightRefusal({ challenge, body }: Answer): boolean {
  const message = parse(body) as { error?: unknown; result?: unknown } | undefined;
  return challenge?.startsWith('Bearer') === true && message?.error !== undefined && message.result === undefined;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
