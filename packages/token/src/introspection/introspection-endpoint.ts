import { type Clock, logEvent, type OperationalLogger } from '@sallyport/core';
import { readEndpoint } from '../keys/discover-jwks-uri.ts';
import { discoverMetadata } from '../keys/discover-metadata.ts';
import { FetchProblem, type FetchedDocument } from '../keys/fetch-document.ts';
import type { KeyTiming, Schedule } from '../keys/key-timing.ts';
import { isSameSite } from '../keys/same-site.ts';
import { IntrospectionProblem } from './introspection-problem.ts';

export interface IntrospectionEndpointOptions {
  readonly issuer: string;
  /** The endpoint of the configuration; without it the metadata of the issuer are asked. */
  readonly configured: URL | undefined;
  readonly allowInsecureLoopback: boolean;
  readonly clock: Clock;
  readonly timing: KeyTiming;
  readonly schedule: Schedule;
  readonly log: OperationalLogger;
  /** Fetches a metadata document; rejects with `FetchProblem`. */
  fetch(url: URL, signal: AbortSignal): Promise<FetchedDocument>;
}

/**
 * Where an issuer is asked about tokens. Found in its metadata by one fetch at a time, again after hours or after failures; while that
 * does not succeed it is tried on a timer of its own, so that an idle server recovers too. What was found once goes on being used.
 */
export class IntrospectionEndpoint {
  readonly #options: IntrospectionEndpointOptions;
  #found: URL | undefined;
  #foundAt = 0;
  #failures = 0;
  #retryAt = 0;
  #problem: string | undefined;
  #inFlight: Promise<void> | undefined;
  #abort: AbortController | undefined;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: IntrospectionEndpointOptions) {
    this.#options = options;
    this.#found = options.configured;
  }

  /** Begins to look for it. */
  start(): void {
    if (this.#found === undefined && this.#failures === 0) void this.#discover();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#abort?.abort();
  }

  /** Whether it is known, and why not. */
  status(): { readonly known: boolean; readonly problem?: string } {
    const known = this.#found !== undefined;
    return known || this.#problem === undefined ? { known } : { known, problem: this.#problem };
  }

  /** The endpoint, waiting for the metadata if need be. `suspect`: it does not answer, perhaps it moved. Rejects with `IntrospectionProblem`. */
  async locate(suspect: boolean): Promise<URL> {
    const { configured, timing } = this.#options;
    if (configured !== undefined) return configured;
    const now = this.#now();
    const age = now - this.#foundAt;
    if (this.#found === undefined) {
      if (this.#inFlight !== undefined || now >= this.#retryAt) await this.#discover();
    } else if (now >= this.#retryAt && age >= (suspect ? timing.refreshFloorMs : timing.metadataMaxAgeMs)) {
      void this.#discover();
    }
    if (this.#found !== undefined) return this.#found;
    throw new IntrospectionProblem('idp_unavailable', this.#problem ?? 'the endpoint is not known', {
      retryAfterMs: Math.max(0, this.#retryAt - this.#now()),
    });
  }

  #now(): number {
    return Number(this.#options.clock.monotonicNs() / 1_000_000n);
  }

  /** Joins the fetch under way or begins one. Never rejects. */
  #discover(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#inFlight ??= this.#attempt()
      .catch(() => undefined)
      .then(() => {
        this.#inFlight = undefined;
      });
    return this.#inFlight;
  }

  async #attempt(): Promise<void> {
    const { issuer, allowInsecureLoopback, timing, log, schedule } = this.#options;
    const abort = new AbortController();
    this.#abort = abort;
    const timer = setTimeout(() => abort.abort(), timing.timeoutMs);
    timer.unref();
    try {
      this.#found = await discoverMetadata(
        { issuer, fetch: (url) => this.#options.fetch(url, abort.signal) },
        (metadata) => {
          const url = readEndpoint(metadata, 'introspection_endpoint', allowInsecureLoopback);
          // It gets tokens and the credentials of this server: metadata alone do not send these to another organisation.
          if (!isSameSite(url, new URL(issuer)))
            throw new FetchProblem(
              'the introspection_endpoint is on another domain; if that is right set introspection.endpoint',
            );
          return url;
        },
      );
      this.#foundAt = this.#now();
      this.#failures = 0;
      this.#problem = undefined;
    } catch (error) {
      if (this.#closed) return;
      const backoffMs = Math.min(timing.maxBackoffMs, timing.backoffMs * 2 ** Math.min(this.#failures, 16));
      this.#failures += 1;
      this.#retryAt = this.#now() + backoffMs;
      this.#problem = error instanceof FetchProblem ? error.message : 'unexpected error';
      if (this.#found === undefined) this.#cancelTimer = schedule(() => void this.#discover(), backoffMs);
      const fields = { issuer, problem: this.#problem, retryInMs: backoffMs };
      logEvent(log, 'sallyport.issuer.introspection_unknown', fields);
    } finally {
      clearTimeout(timer);
    }
  }
}
