import type { Environment } from '../interpolate/interpolate.ts';
import type { ConfigValues } from '../types/config-values.ts';

export interface WarningContext {
  readonly env: Environment;
  /** True when the config file can be read by group or others and holds the hash key itself. */
  readonly exposedHashKey: boolean;
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
  if (context.exposedHashKey) {
    warnings.push(
      'audit.hashKey stands in a config file that group or others can access. Move it to a file of its own with mode 0600 and write ${file:PATH}.',
    );
  }
  return warnings;
}
