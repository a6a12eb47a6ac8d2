/** One place that records are sent to besides the log, as the file writes it. */
export interface ExportInput {
  /** `otlp`: an OpenTelemetry receiver over HTTP. `stdout`: standard output, one record a line. */
  readonly type: 'otlp' | 'stdout';
  /** Names its cursor. Must stay the same. Default: the type. */
  readonly name?: string;
  /** `otlp`, required: the URL that logs are posted to. */
  readonly endpoint?: string;
  /** `otlp`: sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `otlp`. Default `protobuf`. */
  readonly format?: 'json' | 'protobuf';
  /** `otlp`. Default `gzip`. */
  readonly compression?: 'gzip' | 'none';
  /** `otlp`: milliseconds for one request, 100 to 300000. Default 10000. */
  readonly timeoutMs?: number;
  /** `otlp`: `service.name` of the resource. Default: `OTEL_SERVICE_NAME`, else `sallyport`. */
  readonly serviceName?: string;
  /** `otlp`: certificates in PEM. */
  readonly tls?: ExportTlsInput;
  /** `otlp`: allow http on any host. Default false. */
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
