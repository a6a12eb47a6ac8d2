import { exampleOfTemplate, isTemplate } from '../checks/endpoint-url.ts';
import { readStrictUrl } from '../checks/strict-url.ts';
import type { Problem } from '../problem/problem.ts';
import type { Path } from '../schema/annotated-schema.ts';
import type { IntrospectionValues, IssuerValues } from '../types/config-values.ts';

/** Checks of one issuer that need more than one field. `path` leads to it. */
export function checkIssuerFields(path: Path, issuer: IssuerValues, allowLoopback: boolean): readonly Problem[] {
  return [
    ...checkScheme([...path, 'issuer'], exampleOfTemplate(issuer.issuer), allowLoopback),
    ...checkScheme([...path, 'jwksUri'], issuer.jwksUri, allowLoopback),
    ...checkScheme([...path, 'introspection', 'endpoint'], issuer.introspection?.endpoint, allowLoopback),
    ...checkTenants(path, issuer),
    ...(issuer.appOnlyRoles && issuer.profile !== 'entra'
      ? [invalid([...path, 'appOnlyRoles'], `has no meaning with the profile "${issuer.profile}"`, 'remove it')]
      : []),
    // Whoever has a project at Google can get an identity token for any audience: only the list says who may come in.
    ...(issuer.profile === 'google' && issuer.allowedClients === undefined
      ? [
          invalid(
            [...path, 'allowedClients'],
            'is missing, but profile is "google"',
            'list the unique ids of the service accounts that may call',
          ),
        ]
      : []),
    ...checkTokens(path, issuer),
    ...(issuer.introspection === undefined ? [] : checkIntrospection(path, issuer, issuer.introspection)),
  ];
}

function checkTenants(path: Path, { issuer, tenants, profile, tokens }: IssuerValues): readonly Problem[] {
  if (!isTemplate(issuer)) {
    if (tenants.length === 0) return [];
    return [invalid([...path, 'tenants'], 'is set, but issuer is not a template', 'remove it')];
  }
  if (profile !== 'entra' || !issuer.endsWith('/{tenantid}/v2.0')) {
    return [
      invalid(
        [...path, 'issuer'],
        'has a placeholder, which only profile "entra" knows',
        'write https://login.microsoftonline.com/{tenantid}/v2.0 and set profile to "entra", or name one issuer',
      ),
    ];
  }
  if (tenants.length === 0)
    return [invalid([...path, 'tenants'], 'is empty', 'list the ids of the tenants whose users may come in')];
  const twice = tenants.findIndex((tenant, index) => tenants.indexOf(tenant) < index);
  if (twice !== -1) return [invalid([...path, 'tenants', twice], 'is listed twice', 'remove it')];
  if (tokens !== 'jwt') return [invalid([...path, 'tokens'], `is "${tokens}", but issuer is a template`, 'remove it')];
  return [];
}

function checkTokens(path: Path, { tokens, introspection }: IssuerValues): readonly Problem[] {
  if (tokens === 'jwt' || introspection !== undefined) return [];
  return [
    invalid(
      [...path, 'introspection'],
      `is missing, but tokens is "${tokens}"`,
      'add it, for example {"clientId":"mcp","clientSecret":"${env:INTROSPECTION_SECRET}"}',
    ),
  ];
}

function checkIntrospection(path: Path, issuer: IssuerValues, introspection: IntrospectionValues): readonly Problem[] {
  const here = [...path, 'introspection'];
  const { clientSecret, privateKey, clientAuthentication: method } = introspection;
  const problems: Problem[] = [];
  if (clientSecret === undefined && privateKey === undefined)
    problems.push(
      invalid(here, 'has neither clientSecret nor privateKey', 'add the one that is registered at the issuer'),
    );
  else if (clientSecret !== undefined && privateKey !== undefined && method === undefined)
    problems.push(
      invalid(
        here,
        'has both clientSecret and privateKey',
        'remove one, or say with clientAuthentication which one to use',
      ),
    );
  else if (method === 'private_key_jwt' && privateKey === undefined)
    problems.push(
      invalid(
        [...here, 'clientAuthentication'],
        'is "private_key_jwt", but there is no privateKey',
        'add it, or remove this field',
      ),
    );
  else if (method !== undefined && method !== 'private_key_jwt' && clientSecret === undefined)
    problems.push(
      invalid(
        [...here, 'clientAuthentication'],
        `is "${method}", but there is no clientSecret`,
        'add it, or remove this field',
      ),
    );
  if (introspection.audienceless && issuer.allowedClients === undefined)
    problems.push(
      invalid(
        [...here, 'audienceless'],
        'is true, but allowedClients is missing',
        'list the clients whose tokens are meant for this server',
      ),
    );
  return problems;
}

function checkScheme(path: Path, text: string | undefined, allowLoopback: boolean): readonly Problem[] {
  if (text === undefined) return [];
  const read = readStrictUrl(text, { query: true });
  if ('fault' in read || read.secure || (read.loopback && allowLoopback)) return [];
  return read.loopback
    ? [invalid(path, 'uses http', 'use https, or for tests set dangerouslyAllowInsecureIssuers to true')]
    : [invalid(path, 'uses http on a host that is not loopback', 'use https')];
}

/** A mistake in one field. */
export function invalid(path: Path, problem: string, remedy: string): Problem {
  return { kind: 'invalid', path, problem, remedy };
}
