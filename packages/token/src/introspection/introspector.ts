import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Refusal, type Clock } from '@sallyport/core';
import type { TokenFacts } from '../jwt/read-principal.ts';
import { fetchDocument } from '../keys/fetch-document.ts';
import { askIssuer, type AskIssuerOptions } from './ask-issuer.ts';
import { CallGate, GateFull } from './call-gate.ts';
import { IntrospectionEndpoint } from './introspection-endpoint.ts';
import { IntrospectionProblem } from './introspection-problem.ts';
import type { IntrospectorOptions } from './introspector-options.ts';
import { Outage, type Hold } from './outage.ts';
import { ProblemLog } from './problem-log.ts';
import { readIntrospection, refuseInactive } from './read-introspection.ts';
import { readSignedResponse } from './signed-response.ts';
import { TokenMemory } from './token-memory.ts';

const MAX_BYTES = 262_144;
const MAX_RUNNING = 32;
const MAX_WAITING = 256;
/** Longest time for which a token stays inactive without another question, in seconds. */
const MAX_INACTIVE_SECONDS = 10;

/** What an issuer said about a token, and until when, in monotonic milliseconds, that may be reused. */
export interface Introspected extends TokenFacts {
  readonly usableUntilMs: number;
}

/**
 * Asks one issuer about opaque tokens (RFC 7662, RFC 9701), under the network rules of its keys: https, no redirects, no private
 * addresses, bounded size and time. At most 32 questions at once; none while the issuer is failing, but for one now and then.
 *
 * Remembers no answer but that a token is inactive, for `cacheSeconds` and at most 10 s. 256 questions wait; those about tokens that were
 * acceptable before go first. What remains: many random tokens can delay or refuse the first use of a good one. The limit for each address
 * bounds that; set `rateLimits.perAddress` lower where the issuer is slow.
 */
export class Introspector {
  readonly #options: IntrospectorOptions;
  readonly #endpoint: IntrospectionEndpoint;
  readonly #outage: Outage;
  readonly #gate: CallGate;
  readonly #agents: Readonly<Record<string, HttpAgent>>;
  /** The questions under way. */
  readonly #running = new Set<AbortController>();
  readonly #problems: ProblemLog;
  readonly #memory = new TokenMemory();
  #closed = false;

  constructor(options: IntrospectorOptions) {
    this.#options = options;
    const { clock, timing } = options;
    this.#endpoint = new IntrospectionEndpoint({
      ...options,
      configured: options.endpoint,
      fetch: (url, signal) =>
        fetchDocument(url, {
          signal,
          addresses: options.addresses(url),
          accept: 'application/json',
          maxBytes: MAX_BYTES,
        }),
    });
    this.#outage = new Outage(timing);
    this.#problems = new ProblemLog(options.issuer, options.log);
    this.#gate = new CallGate({
      maxRunning: MAX_RUNNING,
      maxWaiting: MAX_WAITING,
      maxWaitMs: timing.timeoutMs,
      now: () => monotonicMs(clock),
    });
    const keep = { keepAlive: true, maxFreeSockets: 8, timeout: 15_000 };
    this.#agents = { 'http:': new HttpAgent(keep), 'https:': new HttpsAgent(keep) };
  }

  /** Whether an answer may serve a request that came after the question was sent. */
  get reusesAnswers(): boolean {
    return this.#options.cacheSeconds > 0;
  }

  /** Begins to look for the endpoint. */
  start(): void {
    this.#endpoint.start();
  }

  close(): void {
    this.#closed = true;
    this.#endpoint.close();
    for (const abort of this.#running) abort.abort();
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }

  /** Whether tokens can be asked about at all; `problem`: why they can not, or not at this moment. */
  status(): { readonly ready: boolean; readonly problem?: string } {
    const { known, problem } = this.#endpoint.status();
    const hold = this.#outage.hold(monotonicMs(this.#options.clock));
    const why = problem ?? hold?.problem;
    return { ready: known && hold?.down !== true, ...(why !== undefined && { problem: why }) };
  }

  /**
   * Asks about a token. Rejects with `Refusal`: a 401 reason or `client_not_allowed` when the token is not acceptable;
   * `idp_unavailable`, `idp_misconfigured`, `introspection_invalid` or `closing` (503) when nobody can say.
   */
  async introspect(token: string): Promise<Introspected> {
    const digest = TokenMemory.digest(token);
    if (!this.#closed && this.#memory.isInactive(digest, monotonicMs(this.#options.clock))) throw refuseInactive();
    this.#requireNoHold();
    try {
      return await this.#gate.run(() => this.#ask(token, digest), this.#memory.wasActive(digest));
    } catch (error) {
      if (!(error instanceof GateFull)) throw error;
      throw this.#refusal({
        reason: 'idp_unavailable',
        problem: 'too many tokens to ask about at once',
        retryAfterMs: 1,
      });
    }
  }

  async #ask(token: string, digest: string): Promise<Introspected> {
    this.#requireNoHold();
    const { clock, cacheSeconds, rules, warn } = this.#options;
    const askedAt = monotonicMs(clock);
    this.#outage.begin();
    const answer = await this.#answer(token).catch((error: unknown) => {
      throw this.#fail(error, digest);
    });
    this.#outage.succeed();
    const inactiveMs = Math.min(cacheSeconds, MAX_INACTIVE_SECONDS) * 1_000;
    if (answer['active'] !== true && inactiveMs > 0) this.#memory.addInactive(digest, askedAt + inactiveMs);
    const facts = readIntrospection(answer, rules, clock.now() / 1_000, warn);
    this.#memory.addActive(digest);
    return { ...facts, usableUntilMs: askedAt + cacheSeconds * 1_000 };
  }

  async #answer(token: string): ReturnType<typeof askIssuer> {
    const { timing, clock } = this.#options;
    const abort = new AbortController();
    this.#running.add(abort);
    const timer = setTimeout(() => abort.abort(), timing.timeoutMs);
    timer.unref();
    const post: AskIssuerOptions['post'] = ({ url, body, headers, accept }) =>
      fetchDocument(url, {
        signal: abort.signal,
        addresses: this.#options.addresses(url),
        accept,
        maxBytes: MAX_BYTES,
        post: { body, headers },
        agent: this.#agents[url.protocol],
      });
    const readSigned = this.#options.signedResponse
      ? (jwt: string) => readSignedResponse(jwt, { ...this.#options, now: () => clock.now() / 1_000 })
      : undefined;
    try {
      const endpoint = await this.#endpoint.locate(this.#outage.failing);
      return await askIssuer(token, endpoint, {
        ...this.#options,
        algorithms: [...this.#options.algorithms],
        readSigned,
        post,
      });
    } finally {
      clearTimeout(timer);
      this.#running.delete(abort);
    }
  }

  #fail(error: unknown, digest: string): Refusal {
    const problem =
      error instanceof IntrospectionProblem
        ? error
        : new IntrospectionProblem('idp_misconfigured', 'the question could not be asked', { cause: error });
    const now = monotonicMs(this.#options.clock);
    const heldMs = this.#outage.fail(problem, digest, now);
    if (this.#closed) return new Refusal('closing');
    this.#problems.report(problem, heldMs, now);
    return this.#refusal({ reason: problem.reason, problem: problem.message, retryAfterMs: Math.max(1, heldMs) });
  }

  #requireNoHold(): void {
    if (this.#closed) throw new Refusal('closing');
    const hold = this.#outage.hold(monotonicMs(this.#options.clock));
    if (hold !== undefined) throw this.#refusal(hold);
  }

  #refusal({ reason, problem, retryAfterMs }: Omit<Hold, 'down'>): Refusal {
    return new Refusal(reason, {
      retryAfterSeconds: Math.ceil(retryAfterMs / 1_000),
      detail: { issuer: this.#options.issuer, problem },
    });
  }
}

function monotonicMs(clock: Clock): number {
  return Number(clock.monotonicNs() / 1_000_000n);
}
