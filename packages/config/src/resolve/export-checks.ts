import { readSyslogEndpoint } from '../checks/export-endpoint.ts';
import { readStrictUrl } from '../checks/strict-url.ts';
import type { Problem } from '../problem/problem.ts';
import type { Path } from '../schema/annotated-schema.ts';
import type { ExportInput, ExportType } from '../types/audit-export-input.ts';
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
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
]);

const everywhere: readonly (keyof ExportInput)[] = ['type', 'name'];
const remote: readonly (keyof ExportInput)[] = [
  ...everywhere,
  'endpoint',
  'format',
  'timeoutMs',
  'tls',
  'dangerouslyAllowInsecureEndpoint',
];

/** The fields that a type has, the formats it can write, and an endpoint as an example. */
const types: Readonly<
  Record<
    ExportType,
    { readonly fields: readonly string[]; readonly formats: readonly string[]; readonly example?: string }
  >
> = {
  stdout: { fields: everywhere, formats: [] },
  otlp: {
    fields: [...remote, 'headers', 'compression', 'serviceName'],
    formats: ['protobuf', 'json'],
    example: 'https://collector.example.com/v1/logs',
  },
  syslog: {
    fields: [...remote, 'confirm', 'facility'],
    formats: ['json', 'ecs', 'cef'],
    example: 'syslog+tls://siem.example.com:6514',
  },
  webhook: {
    fields: [...remote, 'headers', 'secrets'],
    formats: ['json', 'ocsf', 'ecs'],
    example: 'https://hooks.example.com/audit',
  },
};

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
    problems.push(...checkFields(path, one));
  }
  return problems;
}

function checkFields(path: Path, one: ExportInput): readonly Problem[] {
  const { type, endpoint, format, headers = {}, secrets } = one;
  const { fields, formats, example } = types[type];
  const problems = Object.keys(one)
    .filter((key) => !fields.includes(key))
    .map((key) => invalid([...path, key], `has no meaning with the type "${type}"`, 'remove it'));
  if (example === undefined) return problems;
  if (format !== undefined && !formats.includes(format))
    problems.push(invalid([...path, 'format'], `is "${format}", which "${type}" does not have`, oneOf(formats)));
  if (type === 'webhook' && secrets === undefined)
    problems.push(
      invalid([...path, 'secrets'], 'is missing', 'add it, for example ["${file:/run/secrets/webhook.secret}"]'),
    );
  if (secrets !== undefined && new Set(secrets).size < secrets.length)
    problems.push(invalid([...path, 'secrets'], 'holds a secret twice', 'remove one'));
  if (endpoint === undefined)
    return [...problems, invalid([...path, 'endpoint'], 'is missing', `add it, for example "${example}"`)];
  problems.push(...checkHeaders([...path, 'headers'], headers));
  problems.push(...(type === 'syslog' ? checkSyslog(path, endpoint, one) : checkHttp(path, endpoint, one)));
  if ((one.tls?.cert === undefined) !== (one.tls?.key === undefined))
    problems.push(invalid([...path, 'tls'], 'has only one of cert and key', 'give both'));
  return problems;
}

function oneOf(values: readonly string[]): string {
  return `write ${values.map((value) => `"${value}"`).join(' or ')}`;
}

function checkHttp(path: Path, endpoint: string, one: ExportInput): readonly Problem[] {
  const url = readStrictUrl(endpoint, { query: true });
  if ('fault' in url)
    return [invalid([...path, 'endpoint'], `is not for the type "${one.type}"`, 'write an https URL')];
  // Used as it is, so it must not be the base URL that OpenTelemetry SDKs take.
  if (one.type === 'otlp' && url.url.pathname === '/')
    return [invalid([...path, 'endpoint'], 'has no path', `write "${new URL('/v1/logs', url.url).href}"`)];
  return checkInsecure(path, { insecure: !url.secure, loopback: url.loopback, uses: 'http', use: 'https' }, one);
}

function checkSyslog(path: Path, endpoint: string, one: ExportInput): readonly Problem[] {
  const read = readSyslogEndpoint(endpoint);
  if (read === undefined)
    return [invalid([...path, 'endpoint'], 'is not for the type "syslog"', 'write syslog+tls://host:port')];
  const insecure = read.transport === 'tcp';
  return checkInsecure(path, { insecure, loopback: read.loopback, uses: 'plain TCP', use: 'syslog+tls' }, one);
}

interface Protection {
  readonly insecure: boolean;
  readonly loopback: boolean;
  readonly uses: string;
  readonly use: string;
}

function checkInsecure(
  path: Path,
  { insecure, loopback, uses, use }: Protection,
  one: ExportInput,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (!insecure) return problems;
  if (!loopback && one.dangerouslyAllowInsecureEndpoint !== true)
    problems.push(
      invalid(
        [...path, 'endpoint'],
        `uses ${uses} on a host that is not loopback, where records and credentials can be read on the way`,
        `use ${use}, or set dangerouslyAllowInsecureEndpoint to true`,
      ),
    );
  if (one.tls !== undefined) problems.push(invalid([...path, 'tls'], `is set, but endpoint uses ${uses}`, 'remove it'));
  return problems;
}

/** Headers of requests that this server makes. */
export function checkHeaders(path: Path, headers: Readonly<Record<string, string>>): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const name of Object.keys(headers)) {
    if (seen.has(name.toLowerCase()))
      problems.push(invalid([...path, name], 'is there twice: headers have no upper and lower case', 'remove one'));
    seen.add(name.toLowerCase());
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name))
      problems.push(invalid(path, 'holds a name that no header can have', 'use letters, digits and hyphens'));
    else if (taken.has(name.toLowerCase()))
      problems.push(invalid([...path, name], 'is set by the protocol', 'remove it'));
  }
  return problems;
}
