import type { ExportConfig } from '../types/audit-export-config.ts';
import type { ExportInput } from '../types/audit-export-input.ts';

/** Fills the defaults of the exports. */
export function resolveExports(exports: readonly ExportInput[]): readonly ExportConfig[] {
  return exports.map(({ type, name = type, ...one }) => {
    if (type === 'stdout') return { type, name };
    return {
      type,
      name,
      // The checks have seen that it is there.
      endpoint: one.endpoint ?? '',
      headers: one.headers ?? {},
      format: one.format ?? 'protobuf',
      compression: one.compression ?? 'gzip',
      timeoutMs: one.timeoutMs ?? 10_000,
      serviceName: one.serviceName ?? 'sallyport',
      tls: one.tls ?? {},
      dangerouslyAllowInsecureEndpoint: one.dangerouslyAllowInsecureEndpoint ?? false,
    };
  });
}
