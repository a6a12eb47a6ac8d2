import { readStrictUrl } from '../checks/strict-url.ts';
import type { Problem } from '../problem/problem.ts';
import type { Path } from '../schema/annotated-schema.ts';
import type { ExportInput } from '../types/audit-export-input.ts';
import { invalid } from './issuer-checks.ts';

/** Headers that belong to the protocol. */
const taken: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Checks of `audit.export` that need more than one field. */
export function checkExports(exports: readonly ExportInput[]): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  for (const [index, one] of exports.entries()) {
    const path: Path = ['audit', 'export', index];
    const name = one.name ?? one.type;
    const first = seen.get(name);
    if (first !== undefined)
      problems.push(
        invalid(
          [...path, 'name'],
          `is "${name}", like that of audit.export[${first}]`,
          'give each export a name of its own; its cursor is found by it',
        ),
      );
    seen.set(name, first ?? index);
    problems.push(...(one.type === 'otlp' ? checkOtlp(path, one) : checkStdout(path, one)));
  }
  return problems;
}

function checkStdout(path: Path, one: ExportInput): readonly Problem[] {
  return Object.keys(one)
    .filter((key) => key !== 'type' && key !== 'name')
    .map((key) => invalid([...path, key], 'has no meaning with the type "stdout"', 'remove it'));
}

function checkOtlp(path: Path, { endpoint, headers = {}, tls, ...rest }: ExportInput): readonly Problem[] {
  if (endpoint === undefined)
    return [
      invalid([...path, 'endpoint'], 'is missing', 'add it, for example "https://collector.example.com/v1/logs"'),
    ];
  const problems = checkHeaders([...path, 'headers'], headers);
  const url = readStrictUrl(endpoint, { query: true });
  if (!('fault' in url) && !url.secure) {
    if (!url.loopback && rest.dangerouslyAllowInsecureEndpoint !== true)
      problems.push(
        invalid(
          [...path, 'endpoint'],
          'uses http on a host that is not loopback, where records and credentials can be read on the way',
          'use https, or set dangerouslyAllowInsecureEndpoint to true',
        ),
      );
    if (tls !== undefined) problems.push(invalid([...path, 'tls'], 'is set, but endpoint uses http', 'remove it'));
  }
  if ((tls?.cert === undefined) !== (tls?.key === undefined))
    problems.push(invalid([...path, 'tls'], 'has only one of cert and key', 'give both'));
  return problems;
}

/** Headers of requests that this server makes. */
export function checkHeaders(path: Path, headers: Readonly<Record<string, string>>): Problem[] {
  const problems: Problem[] = [];
  for (const name of Object.keys(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name))
      problems.push(invalid(path, 'holds a name that no header can have', 'use letters, digits and hyphens'));
    else if (taken.has(name.toLowerCase()))
      problems.push(invalid([...path, name], 'is set by the protocol', 'remove it'));
  }
  return problems;
}
