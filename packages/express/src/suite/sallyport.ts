import type { SallyportConfig } from '@sallyport/config';
import type { RequestHandler } from 'express';
import type { Runtime } from './runtime.ts';

/** Whether the suite can serve, in parts. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: {
    readonly audit: { readonly ok: boolean; readonly problem?: string };
    readonly issuers: readonly { readonly issuer: string; readonly ok: boolean; readonly problem?: string }[];
    readonly closing: boolean;
  };
}

/** Everything that guards one MCP endpoint, opened once. */
export interface Sallyport {
  readonly config: SallyportConfig;
  /** The discovery documents: Server Card, AI Catalog, api-catalog, protected resource metadata. Mount it at the root. */
  readonly wellKnown: RequestHandler;
  /** `GET /healthz` and `GET /readyz`. They check neither Host nor credentials and say nothing about callers. */
  readonly health: RequestHandler;
  /** All stations of the walk, in order. A handler must follow. */
  readonly protect: RequestHandler;
  readiness(): Readiness;
  /** Refuses new calls, waits for running ones, writes the end of the audit log, releases everything. */
  close(): Promise<void>;
}

const runtimes = new WeakMap<Sallyport, Runtime>();

/** What the stations of a suite share. */
export function runtimeOf(suite: Sallyport): Runtime {
  const runtime = runtimes.get(suite);
  if (runtime === undefined) throw new TypeError('not a suite made by createSallyport');
  return runtime;
}

/** Ties a suite to its runtime. */
export function setRuntime(suite: Sallyport, runtime: Runtime): void {
  runtimes.set(suite, runtime);
}
