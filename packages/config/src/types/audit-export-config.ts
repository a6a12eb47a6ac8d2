import type { ExportTlsInput } from './audit-export-input.ts';

/** An OpenTelemetry receiver, defaults filled. */
export interface OtlpExportConfig {
  readonly type: 'otlp';
  readonly name: string;
  readonly endpoint: string;
  /** Their values are secrets: never log them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly format: 'json' | 'protobuf';
  readonly compression: 'gzip' | 'none';
  readonly timeoutMs: number;
  readonly serviceName: string;
  /** The key is a secret: never log it. */
  readonly tls: ExportTlsInput;
  readonly dangerouslyAllowInsecureEndpoint: boolean;
}

/** Standard output. */
export interface StdoutExportConfig {
  readonly type: 'stdout';
  readonly name: string;
}

/** A place that records are sent to besides the log, defaults filled. */
export type ExportConfig = OtlpExportConfig | StdoutExportConfig;
