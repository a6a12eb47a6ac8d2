import type { McpServerFactory } from '@modelcontextprotocol/server';
import { openAuditLog } from '@sallyport/audit';
import { createAuthorizer, loadCard, requireScopesDeclared, type Card } from '@sallyport/card';
import { loadConfig, type ConfigInput, type SallyportConfig } from '@sallyport/config';
import {
  createMemoryKeyValueStore,
  createMemoryRateLimiter,
  SetupError,
  systemClock,
  type AuditLog,
  type Authorizer,
  type Clock,
  type Observer,
} from '@sallyport/core';
import { createTelemetry } from '@sallyport/telemetry';
import { createAuthenticator, resourceMetadataUrl, type Authenticator } from '@sallyport/token';
import type { Logger } from 'pino';
import { createWellKnown } from '../discovery/well-known.ts';
import { createOpenStreams } from '../edge/open-streams.ts';
import { createClientAddress } from '../network/client-address.ts';
import { createHostPolicy } from '../network/host-policy.ts';
import { createOriginPolicy } from '../network/origin-policy.ts';
import { createSessionBindings } from '../session/session-bindings.ts';
import { protectWith } from '../stations/stations.ts';
import { checkDrift } from './check-drift.ts';
import { createHealth } from './health.ts';
import { createInFlight } from './in-flight.ts';
import { createLogger } from './logger.ts';
import type { Runtime } from './runtime.ts';
import { setRuntime, type Readiness, type Sallyport } from './sallyport.ts';

export interface CreateSallyportOptions {
  /** The server's factory; the card is compared with what it registers. */
  readonly buildServer?: McpServerFactory;
  /** Operational log. Default: pino, JSON on stderr, level `info`. */
  readonly log?: Logger;
  /** Default: spans through the host's OpenTelemetry, nothing when it has none. */
  readonly observer?: Observer;
  /** Where records go. Default: the segments of `audit.directory`. The suite closes it. */
  readonly audit?: AuditLog;
  /** Milliseconds `close` waits for running calls. Default 10,000. */
  readonly drainTimeoutMs?: number;
  readonly clock?: Clock;
}

/**
 * Opens everything once: configuration, card, keys, audit log. What is wrong stops here and not at the first request.
 *
 * @param source path of the configuration file, or its content
 * @throws SetupError one line that names file, field and remedy
 */
export async function createSallyport(
  source: string | ConfigInput,
  options: CreateSallyportOptions = {},
): Promise<Sallyport> {
  const config = await loadConfig(source);
  const rootLog = options.log ?? createLogger();
  const log = rootLog.child({ package: 'express' });
  const from = config.file === undefined ? {} : { file: config.file };
  const card = await loadCard(config.card, { ...from, pointer: '/card' });
  requireScopesDeclared(card, config.signInScopes, from);
  const drift = await checkDrift(card, config, options.buildServer);
  const authorizer = createAuthorizer(card, drift.registered === undefined ? {} : { registered: drift.registered });
  const observer = options.observer ?? createTelemetry();
  const clock = options.clock ?? systemClock;
  const authenticator = createAuthenticator({
    ...config,
    ...config.limits,
    observer,
    clock,
    log: rootLog.child({ package: 'token' }),
  });
  const openLog = (): Promise<AuditLog> =>
    openAuditLog({ ...config.audit, observer, clock, log: rootLog.child({ package: 'audit' }) }).catch(
      inFile(config.file),
    );
  const audit = options.audit ?? (await openLog());
  // Not before everything is open: a start that fails says one line.
  for (const warning of config.warnings) log.warn(warning);
  drift.report(log);
  const runtime = createRuntime({ config, authorizer, authenticator, audit, observer, clock, log });
  await audit.append({ type: 'config.loaded', detail: { hash: config.hash, policy: authorizer.policy } });
  authenticator.start();
  return assemble(runtime, card, options.drainTimeoutMs ?? 10_000);
}

/** Adds the configuration file to an error of a field that only it knows. */
function inFile(file: string | undefined): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof SetupError) || error.file !== undefined || file === undefined) throw error;
    const { code, field, problem, remedy, cause } = error;
    throw new SetupError({ code, file, ...(field !== undefined && { field }), problem, remedy, cause });
  };
}

function assemble(runtime: Runtime, card: Card, drainTimeoutMs: number): Sallyport {
  const readiness = (): Readiness => readinessOf(runtime);
  let closed: Promise<void> | undefined;
  const suite: Sallyport = {
    config: runtime.config,
    wellKnown: createWellKnown(runtime.config, card),
    health: createHealth(readiness),
    protect: protectWith(runtime),
    readiness,
    close() {
      closed ??= runtime.inFlight.drain(drainTimeoutMs).then(async () => {
        runtime.authenticator.close();
        await runtime.audit.close();
      });
      return closed;
    },
  };
  setRuntime(suite, runtime);
  return suite;
}

/** Calls of public methods without a token, for each address. */
const anonymousLimit = { points: 100, windowMs: 1_000 };

interface RuntimeParts {
  readonly config: SallyportConfig;
  readonly authorizer: Authorizer;
  readonly authenticator: Authenticator;
  readonly audit: AuditLog;
  readonly observer: Observer;
  readonly clock: Clock;
  readonly log: Logger;
}

function createRuntime(parts: RuntimeParts): Runtime {
  const { config, audit, log } = parts;
  let upstreamNoted = false;
  return {
    ...parts,
    endpoint: new URL(config.resource).pathname,
    hosts: createHostPolicy(config.network.allowedHosts),
    origins: createOriginPolicy(config.network.allowedOrigins),
    clientAddress: createClientAddress(config.network.trustedProxies),
    addressLimiter: createMemoryRateLimiter(config.rateLimits.perAddress),
    principalLimiter: createMemoryRateLimiter(config.rateLimits.perPrincipal),
    anonymousLimiter: createMemoryRateLimiter(anonymousLimit),
    sessions: createSessionBindings(createMemoryKeyValueStore({ maxEntries: 100_000, clock: parts.clock })),
    inFlight: createInFlight(),
    openStreams: createOpenStreams(),
    challenge: { resourceMetadata: resourceMetadataUrl(config.resource), signInScope: config.signInScopes },
    noteUpstreamParser() {
      if (upstreamNoted) return;
      upstreamNoted = true;
      log.warn('a body parser runs before the guard: raw size, encoding and duplicate keys can not be checked');
    },
    record(entry) {
      audit
        .append(entry)
        .catch((error: unknown) => log.error({ err: error, type: entry.type }, 'a record could not be written'));
    },
  };
}

function readinessOf(runtime: Runtime): Readiness {
  const { writable, problem } = runtime.audit.status();
  const issuers = runtime.authenticator.status().map(({ issuer, keys, problem: why }) => ({
    issuer,
    ok: keys,
    ...(why !== undefined && { problem: why }),
  }));
  const { closing } = runtime.inFlight;
  return {
    ready: writable && !closing && issuers.every(({ ok }) => ok),
    checks: { audit: { ok: writable, ...(problem !== undefined && { problem }) }, issuers, closing },
  };
}
