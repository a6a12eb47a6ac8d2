import { readSyslogEndpoint } from '../checks/export-endpoint.ts';
import type { ExportConfig } from '../types/audit-export-config.ts';
import type { ExportInput } from '../types/audit-export-input.ts';

/** Fills the defaults of the exports. The checks have seen that each has what its type needs, and nothing else. */
export function resolveExports(exports: readonly ExportInput[]): readonly ExportConfig[] {
  return exports.map(resolveExport);
}

function resolveExport({ type, name = type, ...one }: ExportInput): ExportConfig {
  const { endpoint = '', headers = {}, format, timeoutMs = 10_000, tls = {} } = one;
  const insecure = { dangerouslyAllowInsecureEndpoint: one.dangerouslyAllowInsecureEndpoint ?? false };
  switch (type) {
    case 'stdout':
      return { type, name };
    case 'otlp':
      return {
        type,
        name,
        endpoint,
        headers,
        format: format === 'json' ? 'json' : 'protobuf',
        compression: one.compression ?? 'gzip',
        timeoutMs,
        serviceName: one.serviceName ?? 'sallyport',
        tls,
        ...insecure,
      };
    case 'syslog': {
      const { host = '', port = 0, transport = 'tls' } = readSyslogEndpoint(endpoint) ?? {};
      return {
        type,
        name,
        host,
        port,
        transport,
        format: format === 'ecs' || format === 'cef' ? format : 'json',
        confirm: one.confirm ?? 'close',
        facility: one.facility ?? 13,
        timeoutMs,
        tls,
      };
    }
    case 'webhook':
      return {
        type,
        name,
        endpoint,
        secrets: one.secrets ?? [],
        headers,
        format: format === 'ocsf' || format === 'ecs' ? format : 'json',
        timeoutMs,
        tls,
        ...insecure,
      };
  }
}
