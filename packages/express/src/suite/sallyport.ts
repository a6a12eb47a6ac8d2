import type { SallyportConfig } from '@sallyport/config';
import type { RequestHandler } from 'express';
import type { RevokeRequest } from './revoke.ts';
import type { Runtime } from './runtime.ts';

/** Whether the suite can serve, in parts. */
export interface Readiness {
  readonly ready: boolean;
  /** `observe`: what the policy denies runs. Nothing about readiness, and not to be overlooked. */
  readonly enforcement: 'enforce' | 'observe';
  readonly checks: {
    readonly audit: { readonly ok: boolean; readonly problem?: string };
    readonly issuers: readonly { readonly issuer: string; readonly ok: boolean; readonly problem?: string }[];
    /** Whether it is known which tokens are revoked; without that nobody is let in. */
    readonly revocations: { readonly ok: boolean; readonly problem?: string };
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
  /**
   * Answers a scrape with `telemetry.prometheus`, whatever the path, in the Prometheus format; without it, it passes every request on. It
   * asks for no credential: mount it where only scrapers come.
   */
  readonly metrics: RequestHandler;
  /** All stations of the walk, in order. A handler must follow. */
  readonly protect: RequestHandler;
  /**
   * Receives logout tokens (OpenID Connect Back-Channel Logout 1.0) of the issuers with `backChannelLogout`. Mount it with `app.post` at
   * the URL that is registered at the issuer, which must be reachable from there. Without such an issuer it passes every request on.
   */
  readonly backChannelLogout: RequestHandler;
  readiness(): Readiness;
  /**
   * Takes tokens back before they expire: from the next request on they are refused with `revoked`, also where they are cached, and
   * streams that are open with them are closed. Leaves a `token.revoked` record. With `revocation.file` every process of the host
   * honours it within one second, and it outlives a restart; without, it is in this process alone.
   *
   * Resolves when it holds and is recorded. Rejects with a `TypeError` for a request that could never hold, and when it could not be
   * kept or recorded: then it may hold in this process, and must be made again.
   */
  revoke(request: RevokeRequest): Promise<void>;
  /**
   * Refuses new calls, waits for running ones, writes the end of the audit log, sends to its receivers what is left, for five seconds at
   * most, and releases everything.
   */
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
