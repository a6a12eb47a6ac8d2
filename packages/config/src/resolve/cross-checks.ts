import { readStrictUrl } from '../checks/strict-url.ts';
import type { Problem } from '../problem/problem.ts';
import type { Path } from '../schema/annotated-schema.ts';
import type { ConfigValues } from '../types/config-values.ts';

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
    problems.push(...checkScheme(['issuers', index, 'issuer'], issuer.issuer, values.dangerouslyAllowInsecureIssuers));
    if (issuer.jwksUri !== undefined) {
      problems.push(
        ...checkScheme(['issuers', index, 'jwksUri'], issuer.jwksUri, values.dangerouslyAllowInsecureIssuers),
      );
    }
  }
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

function checkScheme(path: Path, text: string, allowLoopback: boolean): readonly Problem[] {
  const read = readStrictUrl(text, { query: true });
  if ('fault' in read || read.secure || (read.loopback && allowLoopback)) return [];
  return read.loopback
    ? [invalid(path, 'uses http', 'use https, or for tests set dangerouslyAllowInsecureIssuers to true')]
    : [invalid(path, 'uses http on a host that is not loopback', 'use https')];
}

function invalid(path: Path, problem: string, remedy: string): Problem {
  return { kind: 'invalid', path, problem, remedy };
}
