import { logEvents, type LogEventCode } from '@sallyport/core';
import type { Environment } from '../interpolate/interpolate.ts';
import type { ConfigValues } from '../types/config-values.ts';
import type { ConfigWarning } from '../types/sallyport-config.ts';

export interface WarningContext {
  readonly env: Environment;
  /** Fields that hold a secret itself in a config file that can be read by group or others. */
  readonly exposedSecrets: readonly string[];
}

/** What does not stop the start but must be seen, without any value. */
export function findWarnings(values: ConfigValues, context: WarningContext): readonly ConfigWarning[] {
  const warnings: ConfigWarning[] = [];
  const warn = (event: LogEventCode, field?: string): void => void warnings.push(warningOf(event, field));
  if (context.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') warn('sallyport.config.tls_verification_off');
  if ((context.env['REDIS_URL'] ?? '') !== '') warn('sallyport.config.redis_ignored');
  if (values.dangerouslyAllowInsecureIssuers) warn('sallyport.config.insecure_issuers');
  if (values.enforcement === 'observe') warn('sallyport.config.observe_mode');
  for (const [index, { tokens, introspection }] of (values.issuers ?? []).entries()) {
    if (tokens === 'jwt' && introspection !== undefined)
      warn('sallyport.config.introspection_unused', `issuers[${index}].introspection`);
  }
  if (values.audit.mode === 'at-least-one' && values.audit.mirror === undefined)
    warn('sallyport.config.mirror_missing');
  for (const [index, one] of values.audit.export.entries()) {
    if ('dangerouslyAllowInsecureEndpoint' in one && one.dangerouslyAllowInsecureEndpoint)
      warn('sallyport.config.insecure_endpoint', `audit.export[${index}].dangerouslyAllowInsecureEndpoint`);
  }
  for (const [index, { confirm }] of values.audit.export.entries())
    if (confirm === 'sent') warn('sallyport.config.export_unconfirmed', `audit.export[${index}].confirm`);
  for (const field of context.exposedSecrets) warn('sallyport.config.secret_exposed', field);
  return warnings;
}

function warningOf(event: LogEventCode, field: string | undefined): ConfigWarning {
  const { message, remedy } = logEvents[event];
  const text = `${message}. ${remedy}`;
  return field === undefined ? { event, text } : { event, field, text: `${field}: ${text}` };
}
