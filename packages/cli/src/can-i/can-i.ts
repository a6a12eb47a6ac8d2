import { explainDecision, type Explanation } from '@sallyport/card';
import { errorPage, reasons, SetupError, type Principal } from '@sallyport/core';
import type { SallyportConfig } from '@sallyport/config';
import { readCardSource, type CardSource } from '../card/card-source.ts';
import type { CommandIo } from '../terminal/command-io.ts';
import type { Output } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { explainWith } from '../token/explain.ts';
import { readTokenFile } from '../try/read-token-file.ts';
import { errorWithoutToken, withoutToken } from '../try/without-token.ts';
import { callerWith, unverifiedCaller, type CallerFacts } from './caller.ts';
import { callOf, type Question } from './question.ts';
import { showDecision } from './show-decision.ts';

export interface CanIRequest extends CallerFacts, Question, Partial<CardSource> {
  readonly tokenFile?: string;
}

/**
 * Says whether a caller may use something, and why. Resolves to the exit code: 0 yes, 1 no, 2 nobody could say.
 *
 * @throws SetupError when the card, the config or the token can not be read.
 */
export async function canI(request: CanIRequest, io: CommandIo, output: Output): Promise<number> {
  const call = callOf(request);
  if (request.scopes === undefined && request.tokenFile === undefined) throw noCaller();
  const { card, config } = await readCardSource({ card: request.card, config: request.config }, io.env);
  const token = request.tokenFile === undefined ? undefined : await readTokenFile(request.tokenFile);
  const safe = withoutToken(output, token);
  try {
    const verified = token !== undefined && config !== undefined;
    const caller =
      token === undefined
        ? callerWith(request, io.now())
        : verified
          ? await verify(token, config, { io, output: safe })
          : changed(unverifiedCaller(token, io.now()), request, io.now());
    if (typeof caller === 'number') return caller;
    if (token !== undefined && !verified)
      safe.warning('the claims of the token were read and not verified: use --config for what a server would say');
    if (caller.expiresAt * 1000 <= io.now()) safe.warning('the token has expired: a server refuses it');
    const clock = { now: io.now, monotonicNs: () => process.hrtime.bigint() };
    const explanation: Explanation = explainDecision(card, { principal: caller, call, clock });
    await showDecision(explanation, caller, safe);
    return explanation.decision.effect === 'allow' ? 0 : 1;
  } catch (error) {
    throw errorWithoutToken(error, token);
  }
}

/** Who the token is about, or the exit code when a server would not accept it. */
async function verify(
  token: string,
  config: SallyportConfig,
  { io, output }: { readonly io: CommandIo; readonly output: Output },
): Promise<Principal | number> {
  const { verdict, reason, problem, principal } = await explainWith(token, config, { now: io.now });
  if (principal !== undefined) return principal;
  const code = reason === undefined ? undefined : reasons[reason].code;
  const undecided = verdict === 'undecided';
  const what = problem ?? 'the token is not accepted';
  if (output.json) {
    await output.dataJson({
      allowed: undecided ? null : false,
      ...(code !== undefined && { code, doc: errorPage(code), reason }),
      summary: what,
    });
  } else {
    const answer = undecided ? output.style('warn', 'unknown') : output.style('bad', 'no');
    await output.data(`${answer} - ${code === undefined ? '' : `${code}  `}${printable(what)}   rule token`);
    output.message('see  sallyport token explain  for every claim');
  }
  return undecided ? 2 : 1;
}

/** Options win over claims: they ask what would be. */
function changed(caller: Principal, facts: CallerFacts, now: number): Principal {
  const said = callerWith(facts, now);
  return Object.freeze({
    ...caller,
    ...(facts.groups !== undefined && { groups: said.groups }),
    ...(facts.roles !== undefined && { roles: said.roles }),
    ...(facts.tenant !== undefined && { tenant: said.tenant }),
    ...(facts.subject !== undefined && { subject: said.subject }),
    ...(facts.acr !== undefined && { acr: said.acr }),
    ...(facts.authAge !== undefined && { authTime: said.authTime }),
  });
}

function noCaller(): SetupError {
  return new SetupError({
    code: 'ERR_CLI_USAGE',
    problem: 'it is not said who asks',
    remedy: 'name the scopes with --scopes ("" for none), or a token with --token-file',
  });
}
