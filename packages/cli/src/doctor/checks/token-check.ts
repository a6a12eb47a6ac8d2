import type { Card } from '@sallyport/card';
import type { SallyportConfig } from '@sallyport/config';
import { reasons } from '@sallyport/core';
import { explainWith } from '../../token/explain.ts';
import { stepAdvice } from '../advice/step-advice.ts';
import { fail, pass, warn, type Finding } from '../finding.ts';

const names: Readonly<Record<string, string>> = {
  aud: 'audience',
  iss: 'token issuer',
  typ: 'token type',
  exp: 'token expiry',
};

/** What a server with this config would say about a token, and every single thing that is wrong with it. */
export async function* checkToken(
  token: string,
  config: SallyportConfig,
  card: Card | undefined,
  now: () => number,
): AsyncGenerator<Finding> {
  const explanation = await explainWith(token, config, { now });
  const { steps, principal, reason, problem } = explanation;
  for (const step of steps) {
    if (step.name === 'aud' && step.status === 'pass') yield pass('audience', `token has aud ${step.seen}`);
    if (step.status !== 'fail' || step.reason === undefined) continue;
    const { note, remedy } = stepAdvice(step, explanation, config);
    const why = note ?? step.problem;
    yield fail(
      names[step.name] ?? `token ${step.name}`,
      reasons[step.reason].code,
      `token has ${step.name} ${step.seen}${why === undefined ? '' : ` (${why})`}`,
      remedy,
    );
  }
  if (explanation.verdict === 'accepted' && principal !== undefined) {
    yield pass('token', `accepted: ${principal.subject} with client ${principal.clientId ?? 'none'}`);
    yield scopesOf(principal.scopes, card);
  } else if (reason !== undefined && !steps.some((step) => step.status === 'fail')) {
    yield fail('token', reasons[reason].code, problem ?? 'not accepted', 'see  sallyport token explain');
  }
}

function scopesOf(scopes: readonly string[], card: Card | undefined): Finding {
  const known = scopes.filter((scope) => card?.access.scopes.has(scope) ?? true);
  if (known.length > 0) return pass('token scopes', known.join(' '));
  return warn(
    'token scopes',
    scopes.length === 0
      ? 'the token has no scope where the profile looks for scopes'
      : `the card knows none of ${scopes.join(' ')}`,
    'let the client ask for the scopes of the card; if the token has them elsewhere, set the profile of the issuer or its claims.scopes',
  );
}
