import type { Environment } from '../interpolate/interpolate.ts';
import { formatPath } from '../problem/field-path.ts';
import type { PlainValue } from '../read/copy-plain.ts';

const latestConventions = 'gen_ai_latest_experimental';

/**
 * Fills what the file leaves out from names people know: `ISSUER_BASE_URL` when there are no `issuers`, `AUDIENCE` for every
 * issuer without an audience, `OTEL_SERVICE_NAME` for every OTLP export without a service name, `OTEL_SEMCONV_STABILITY_OPT_IN` for
 * `telemetry.conventions`. Changes `value`; never overrides. An empty variable counts as not set.
 */
export function fillFromEnvironment(value: PlainValue, env: Environment, origins: Map<string, string>): void {
  if (!isRecord(value)) return;
  const issuer = read(env, 'ISSUER_BASE_URL');
  if (issuer !== undefined && !Object.hasOwn(value, 'issuers')) {
    value['issuers'] = [{ issuer }];
    origins.set('issuers[0].issuer', 'the value of ISSUER_BASE_URL');
  }
  fillServiceName(value, env, origins);
  fillConventions(value, env);
  const audience = read(env, 'AUDIENCE');
  const issuers = Object.hasOwn(value, 'issuers') ? value['issuers'] : undefined;
  if (audience === undefined || !Array.isArray(issuers)) return;
  for (const [index, entry] of issuers.entries()) {
    if (!isRecord(entry) || Object.hasOwn(entry, 'audience')) continue;
    entry['audience'] = [audience];
    origins.set(formatPath(['issuers', index, 'audience', 0]), 'the value of AUDIENCE');
  }
}

function fillServiceName(value: { [key: string]: PlainValue }, env: Environment, origins: Map<string, string>): void {
  const serviceName = read(env, 'OTEL_SERVICE_NAME');
  const audit = Object.hasOwn(value, 'audit') ? (value['audit'] ?? null) : null;
  const exports = isRecord(audit) && Object.hasOwn(audit, 'export') ? audit['export'] : undefined;
  if (serviceName === undefined || !Array.isArray(exports)) return;
  for (const [index, one] of exports.entries()) {
    if (!isRecord(one) || one['type'] !== 'otlp' || Object.hasOwn(one, 'serviceName')) continue;
    one['serviceName'] = serviceName;
    origins.set(formatPath(['audit', 'export', index, 'serviceName']), 'the value of OTEL_SERVICE_NAME');
  }
}

/** The variable is for all instrumentations of a process: what it says to others is nothing to us. */
function fillConventions(value: { [key: string]: PlainValue }, env: Environment): void {
  const optedIn = read(env, 'OTEL_SEMCONV_STABILITY_OPT_IN')
    ?.split(',')
    .map((name) => name.trim());
  if (optedIn?.includes(latestConventions) !== true) return;
  if (!Object.hasOwn(value, 'telemetry')) value['telemetry'] = {};
  const telemetry = value['telemetry'] ?? null;
  if (isRecord(telemetry) && !Object.hasOwn(telemetry, 'conventions')) telemetry['conventions'] = latestConventions;
}

function isRecord(value: PlainValue): value is { [key: string]: PlainValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function read(env: Environment, name: string): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === '' ? undefined : value;
}
