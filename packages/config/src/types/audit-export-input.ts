/** What a place that records are sent to is. */
export type ExportType = 'otlp' | 'stdout' | 'syslog' | 'webhook';

/** One place that records are sent to besides the log, as the file writes it. */
export interface ExportInput {
  /**
   * `otlp`: an OpenTelemetry receiver over HTTP. `stdout`: standard output, one record a line. `syslog`: a syslog receiver over TLS or
   * TCP. `webhook`: an HTTP endpoint, with signed requests.
   */
  readonly type: ExportType;
  /** Names its cursor. Must stay the same. Default: the type. */
  readonly name?: string;
  /** All but `stdout`, required: the URL that is posted to, or `syslog+tls://host:6514`. */
  readonly endpoint?: string;
  /** `otlp` and `webhook`: sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `otlp`: `protobuf` (default) or `json`. `syslog`: `json` (default), `ecs` or `cef`. `webhook`: `json` (default), `ocsf` or `ecs`. */
  readonly format?: 'json' | 'protobuf' | 'ocsf' | 'ecs' | 'cef';
  /** `otlp`. Default `gzip`. */
  readonly compression?: 'gzip' | 'none';
  /** All but `stdout`: milliseconds for one request or batch, 100 to 300000. Default 10000. */
  readonly timeoutMs?: number;
  /** `otlp`: `service.name` of the resource. Default: `OTEL_SERVICE_NAME`, else `sallyport`. */
  readonly serviceName?: string;
  /** `syslog`. Default `close`. */
  readonly confirm?: 'close' | 'sent';
  /** `syslog`, 0 to 23. Default 13. */
  readonly facility?: number;
  /** `webhook`, required: what requests are signed with. */
  readonly secrets?: readonly string[];
  /** All but `stdout`: certificates in PEM. */
  readonly tls?: ExportTlsInput;
  /** All but `stdout`: allow http, or syslog over TCP, on any host. Default false. */
  readonly dangerouslyAllowInsecureEndpoint?: boolean;
}

/** TLS of one export, in PEM. */
export interface ExportTlsInput {
  /** Authorities that may sign the receiver's certificate. Default: the public ones. */
  readonly ca?: string;
  /** Certificate of this server, for a receiver that asks for one. */
  readonly cert?: string;
  /** Its private key. */
  readonly key?: string;
}
