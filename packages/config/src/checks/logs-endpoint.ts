import type { Complaint } from '../schema/field.ts';
import { checkEndpoint } from './endpoint-url.ts';

/** The URL that OTLP logs are posted to. It is used as it is, so it must not be the base URL that OpenTelemetry SDKs take. */
export function checkLogsEndpoint(text: string): Complaint | undefined {
  const complaint = checkEndpoint(text);
  if (complaint !== undefined || new URL(text).pathname !== '/') return complaint;
  return {
    problem: 'has no path',
    suggestion: new URL('/v1/logs', text).href,
    remedy: 'add the path of the receiver, mostly /v1/logs',
  };
}
