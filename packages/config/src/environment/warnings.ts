import type { Environment } from '../interpolate/interpolate.ts';
import type { ConfigValues } from '../types/config-values.ts';

export interface WarningContext {
  readonly env: Environment;
  /** Fields that hold a secret itself in a config file that can be read by group or others. */
  readonly exposedSecrets: readonly string[];
}

/** What does not stop the start but must be seen: one line each, without any value. */
export function findWarnings(values: ConfigValues, context: WarningContext): readonly string[] {
  const warnings: string[] = [];
  if (context.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    warnings.push(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off for the whole process: anybody on the network can pose as the issuer. Unset it and use NODE_EXTRA_CA_CERTS.',
    );
  }
  if (context.env['REDIS_URL'] !== undefined && context.env['REDIS_URL'] !== '') {
    warnings.push('REDIS_URL is ignored: state on Redis is not available yet, everything shared is in memory.');
  }
  if (values.dangerouslyAllowInsecureIssuers) {
    warnings.push(
      'dangerouslyAllowInsecureIssuers is on: issuers on loopback hosts may use http. For development and tests only.',
    );
  }
  if (values.enforcement === 'observe') {
    warnings.push(
      'enforcement is "observe": calls that the policy denies are recorded and RUN. For adoption only; see what enforcing would break with  sallyport audit show --would-deny',
    );
  }
  for (const [index, { tokens, introspection }] of (values.issuers ?? []).entries()) {
    if (tokens === 'jwt' && introspection !== undefined)
      warnings.push(
        `issuers[${index}].introspection is not used: tokens is "jwt". Set it to "opaque" or "auto" to have the issuer asked.`,
      );
  }
  if (values.audit.mode === 'at-least-one' && values.audit.mirror === undefined) {
    warnings.push(
      'audit.mode is "at-least-one" and there is no audit.mirror: with one copy it is the same as "strict".',
    );
  }
  for (const [index, { dangerouslyAllowInsecureEndpoint }] of values.audit.export.entries()) {
    if (dangerouslyAllowInsecureEndpoint === true)
      warnings.push(
        `audit.export[${index}].dangerouslyAllowInsecureEndpoint is on: records and headers can be read and changed on their way.`,
      );
  }
  for (const field of context.exposedSecrets) {
    warnings.push(
      `${field} stands in a config file that group or others can access. Move it to a file of its own with mode 0600 and write \${file:PATH}.`,
    );
  }
  return warnings;
}
