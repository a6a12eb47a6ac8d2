import type { Problem } from '../problem/problem.ts';
import type { Path } from '../schema/annotated-schema.ts';
import type { ConfigValues } from '../types/config-values.ts';
import { checkAnchors } from './anchor-checks.ts';
import { checkExports } from './export-checks.ts';
import { checkIssuerFields, invalid } from './issuer-checks.ts';

/** Checks that need more than one field. */
export function crossCheck(values: ConfigValues): readonly Problem[] {
  const problems: Problem[] = [];
  if (values.issuers === undefined) {
    problems.push(
      invalid(
        ['issuers'],
        'is missing',
        'add it, for example [{"issuer":"https://login.example.com"}], or set ISSUER_BASE_URL',
      ),
    );
  }
  const seen = new Map<string, number>();
  for (const [index, issuer] of (values.issuers ?? []).entries()) {
    const first = seen.get(issuer.issuer);
    if (first !== undefined) {
      problems.push(
        invalid(
          ['issuers', index, 'issuer'],
          `names the same issuer as issuers[${first}]`,
          'remove one of them or merge them',
        ),
      );
    }
    seen.set(issuer.issuer, first ?? index);
    problems.push(...checkIssuerFields(['issuers', index], issuer, values.dangerouslyAllowInsecureIssuers));
  }
  problems.push(...requireOneOpaqueIssuer(values));
  if (values.clientCertificate !== undefined) problems.push(...requireProxies('clientCertificate', values));
  problems.push(...checkEnterpriseToken(values));
  problems.push(...checkExports(values.audit.export));
  problems.push(...checkAnchors(values.audit.anchors));
  if (values.legacy === 'handler' && values.publicMethods.includes('initialize')) {
    problems.push(
      invalid(
        ['publicMethods'],
        'opens initialize while legacy is "handler"',
        'remove initialize: a session nobody owns could never be used, and would only take memory',
      ),
    );
  }
  return problems;
}

function checkEnterpriseToken(values: ConfigValues): readonly Problem[] {
  const { enterpriseToken, clientCertificate, dangerouslyAllowInsecureIssuers } = values;
  if (enterpriseToken === undefined) return [];
  const problems = [
    ...requireProxies('enterpriseToken', values),
    ...checkIssuerFields(['enterpriseToken'], enterpriseToken, dangerouslyAllowInsecureIssuers),
  ];
  const twice = (values.issuers ?? []).findIndex(
    ({ issuer, backChannelLogout }) => issuer === enterpriseToken.issuer && backChannelLogout !== undefined,
  );
  if (enterpriseToken.backChannelLogout !== undefined && twice !== -1)
    problems.push(
      invalid(
        ['enterpriseToken', 'backChannelLogout'],
        `is also set in issuers[${twice}], for the same issuer`,
        'remove one of them',
      ),
    );
  if (clientCertificate?.header.toLowerCase() === enterpriseToken.header.toLowerCase())
    problems.push(invalid(['enterpriseToken', 'header'], 'is also clientCertificate.header', 'use two headers'));
  return problems;
}

/** What only a trusted proxy may say needs proxies that can be told apart: an empty list trusts nobody, and a hop count everybody. */
function requireProxies(feature: string, { network }: ConfigValues): readonly Problem[] {
  const path: Path = ['network', 'trustedProxies'];
  if (typeof network.trustedProxies === 'number')
    return [
      invalid(
        path,
        `is a hop count, but ${feature} needs to know who sends a request`,
        'list the addresses of your proxies',
      ),
    ];
  if (network.trustedProxies.length > 0) return [];
  return [
    invalid(path, `is empty, but ${feature} believes what a trusted proxy says`, 'list the addresses of your proxies'),
  ];
}

/** An opaque token does not say whose it is, and no issuer may see the tokens of another. */
function requireOneOpaqueIssuer({ issuers = [] }: ConfigValues): readonly Problem[] {
  const opaque = [...issuers.entries()].filter(([, { tokens }]) => tokens !== 'jwt');
  const [first, second] = opaque;
  if (first === undefined || second === undefined) return [];
  return [
    invalid(
      ['issuers', second[0], 'tokens'],
      `is "${second[1].tokens}", and issuers[${first[0]}] has opaque tokens too`,
      'only one issuer can have opaque tokens, because they do not say whose they are',
    ),
  ];
}
