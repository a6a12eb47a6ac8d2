/** One place that keeps checkpoints outside the log, as the file writes it. */
export interface AnchorInput {
  /** `file`: a file on another mount. `http`: an endpoint that takes signed notes. `otlp`: an OpenTelemetry receiver. */
  readonly type: 'file' | 'http' | 'otlp';
  /** `file`, required: the file. Relative to the config file. */
  readonly path?: string;
  /** `http` and `otlp`, required: the URL that is posted to. */
  readonly url?: string;
  /** `http` and `otlp`: sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Fewest seconds between two checkpoints, 1 to 3600. Default 10. */
  readonly intervalSeconds?: number;
}

/** A place that keeps checkpoints, defaults filled. */
export type AnchorConfig =
  | { readonly type: 'file'; /** Absolute. */ readonly path: string; readonly intervalSeconds: number }
  | {
      readonly type: 'http' | 'otlp';
      readonly url: string;
      /** Their values are secrets: never log them. */
      readonly headers: Readonly<Record<string, string>>;
      readonly intervalSeconds: number;
    };
