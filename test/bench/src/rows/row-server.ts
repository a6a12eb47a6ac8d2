import type { RequestListener, Server } from 'node:http';

export interface RowOptions {
  readonly tools: number;
  readonly issuer: string;
  readonly jwksUri: string;
  /** For logs and the audit log of this server; exists. */
  readonly directory: string;
}

/** A row ready to listen. */
export interface RowServer {
  readonly listener: RequestListener;
  /** Called with the server before it listens. */
  prepare?(server: Server): void;
  close(): Promise<void>;
}
