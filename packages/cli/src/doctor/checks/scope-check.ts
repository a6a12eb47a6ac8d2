import type { Card } from '@sallyport/card';
import type { SallyportConfig } from '@sallyport/config';
import { vendorOf } from '../advice/vendor.ts';
import { pass, skip, warn, type Finding } from '../finding.ts';

const stepUpBugs =
  'some clients do not step up: they ask for the new scopes only and lose the old ones, or ask again and again (typescript-sdk#1582, claude-code#44652)';

/** What clients are told to ask for, and what becomes of it at the issuer. */
export function checkScopes(config: SallyportConfig, card: Card | undefined): readonly Finding[] {
  return [...checkEntra(config), checkStepUp(config, card)];
}

function checkEntra({ issuers, signInScopes, resource }: SallyportConfig): readonly Finding[] {
  if (!issuers.some((issuer) => vendorOf(issuer) === 'entra')) return [];
  const short = signInScopes.filter((scope) => !scope.includes('://'));
  const findings: Finding[] = [];
  if (short.length > 0) {
    findings.push(
      warn(
        'scopes',
        `Entra takes ${short.join(' ')} for scopes of Microsoft Graph, because they have no api:// in front (AADSTS650053)`,
        'Entra admin center > App registrations > your API > Expose an API: let clients ask for api://<app id>/<scope>; leave signInScopes empty and set the scopes at the client when it can not',
      ),
    );
  }
  findings.push(
    warn(
      'resource-param',
      'Entra refuses a resource parameter that does not fit the scopes (AADSTS9010010, AADSTS901002), and MCP clients always send one',
      `Entra admin center > App registrations > your API > Expose an API: make ${resource} an identifier URI (its domain must be verified), so that resource and scopes name the same API`,
    ),
  );
  return findings;
}

function checkStepUp({ signInScopes, stepUp }: SallyportConfig, card: Card | undefined): Finding {
  if (card === undefined) return skip('step-up', 'without a card nobody knows which scopes are needed');
  const { scopes, tools, resources, prompts } = card.access;
  const granted = new Set<string>();
  const grant = (scope: string): void => {
    if (granted.has(scope)) return;
    granted.add(scope);
    for (const implied of scopes.get(scope)?.implies ?? []) grant(implied);
  };
  signInScopes.forEach(grant);
  const rules = [...tools, ...resources, ...prompts];
  const later = rules.filter(([, rule]) => rule.scopes.some((scope) => !granted.has(scope))).map(([name]) => name);
  if (later.length === 0) return pass('step-up', 'a first sign-in asks for every scope that is needed');
  if (stepUp.repeatGrantedScopes)
    return pass('step-up', 'challenges repeat the scopes a token has, for clients that would lose them');
  const missing = [...new Set(rules.flatMap(([, rule]) => rule.scopes))].filter((scope) => !granted.has(scope));
  return warn(
    'step-up',
    `${later.length} of ${rules.length} targets need scopes a first sign-in does not ask for (${missing.join(' ')}); ${stepUpBugs}`,
    `add them to signInScopes: ${JSON.stringify([...signInScopes, ...missing])}; or set stepUp.repeatGrantedScopes, so that challenges repeat the scopes a token has`,
  );
}
