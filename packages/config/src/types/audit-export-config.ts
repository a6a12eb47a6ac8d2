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

/** A syslog receiver, defaults filled. */
export interface SyslogExportConfig {
  readonly type: 'syslog';
  readonly name: string;
  /** A name, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly transport: 'tls' | 'tcp';
  readonly format: 'json' | 'ecs' | 'cef';
  readonly confirm: 'close' | 'sent';
  readonly facility: number;
  readonly timeoutMs: number;
  /** The key is a secret: never log it. */
  readonly tls: ExportTlsInput;
}

/** An HTTP endpoint that gets signed requests, defaults filled. */
export interface WebhookExportConfig {
  readonly type: 'webhook';
  readonly name: string;
  readonly endpoint: string;
  /** Never log them. */
  readonly secrets: readonly string[];
  /** Their values are secrets: never log them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly format: 'json' | 'ocsf' | 'ecs';
  readonly timeoutMs: number;
  /** The key is a secret: never log it. */
  readonly tls: ExportTlsInput;
  readonly dangerouslyAllowInsecureEndpoint: boolean;
}

/** A place that records are sent to besides the log, defaults filled. */
export type ExportConfig = OtlpExportConfig | StdoutExportConfig | SyslogExportConfig | WebhookExportConfig;
