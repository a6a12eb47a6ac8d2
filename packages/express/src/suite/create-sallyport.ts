import type { McpServerFactory } from '@modelcontextprotocol/server';
import { openAuditLog, type AuditExport, type CheckpointAnchor, type LiveLogger } from '@sallyport/audit';
import { cardWarnings, createAuthorizer, loadCard, requireScopesDeclared, type Card } from '@sallyport/card';
import { loadConfig, type ConfigInput, type SallyportConfig } from '@sallyport/config';
import {
  logEvent,
  SetupError,
  systemClock,
  type AuditLog,
  type Authorizer,
  type Clock,
  type JsonObject,
  type LimitedLogger,
  type Observer,
  type OperationalLogger,
  type RevocationList,
} from '@sallyport/core';
import { createAuthenticator, createEnterpriseAuthenticator, type AuthenticatorOptions } from '@sallyport/token';
import { createWellKnown } from '../discovery/well-known.ts';
import { createBackChannelLogout } from '../logout/back-channel-logout.ts';
import { protectWith } from '../stations/stations.ts';
import { checkDrift } from './check-drift.ts';
import { createRuntime } from './create-runtime.ts';
import { createHealth } from './health.ts';
import { openExport, openTargets } from './open-export.ts';
import { observedStateOf } from './observed-state.ts';
import { openObserver, type OpenedObserver } from './open-observer.ts';
import { openRevocations } from './open-revocations.ts';
import { readinessOf } from './readiness.ts';
import { createRevoke } from './revoke.ts';
import { closeRevokedStreams, watchRevokedStreams } from './revoked-streams.ts';
import type { Runtime } from './runtime.ts';
import { setRuntime, type Sallyport } from './sallyport.ts';
import { loggedReadiness, logStarted, openSuiteLog } from './suite-log.ts';

export interface CreateSallyportOptions {
  /** The server's factory; the card is compared with what it registers. */
  readonly buildServer?: McpServerFactory;
  /**
   * Operational log: a pino logger of the host, or anything that takes `info`, `warn` and `error`. Default: pino, JSON on stderr, at the
   * `log.level` of the configuration.
   */
  readonly log?: OperationalLogger;
  /** Default: spans through the host's OpenTelemetry, nothing when it has none. */
  readonly observer?: Observer;
  /** Where records go. Default: the segments of `audit.directory`. The suite closes it. */
  readonly audit?: AuditLog;
  /**
   * A logger of the host's OpenTelemetry (`logs.getLogger(…)`) that gets a copy of every record of this start: best effort, beside the
   * log and never instead of it. Default: none; it is not looked up.
   */
  readonly auditLogger?: LiveLogger;
  /** Places outside the log that keep its checkpoints, besides `audit.anchors`: a witness, an object store. Default: none. */
  readonly anchors?: readonly CheckpointAnchor[];
  /** Which tokens are revoked. Default: `revocation.file`, or the memory of this process. */
  readonly revocations?: RevocationList;
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
  const telemetry = await openObserver(config, options.observer).catch(inFile(config.file));
  try {
    return await openSuite(config, telemetry, options);
  } catch (error) {
    await telemetry.close();
    throw error;
  }
}

async function openSuite(
  config: SallyportConfig,
  telemetry: OpenedObserver,
  options: CreateSallyportOptions,
): Promise<Sallyport> {
  const { observer } = telemetry;
  const log = openSuiteLog(config, options.log);
  const from = config.file === undefined ? {} : { file: config.file };
  const card = await loadCard(config.card, { ...from, pointer: '/card' });
  requireScopesDeclared(card, config.signInScopes, from);
  const drift = await checkDrift(card, config, options.buildServer);
  const clock = options.clock ?? systemClock;
  const { registered } = drift;
  const authorizer = createAuthorizer(card, { clock, ...(registered !== undefined && { registered }) });
  const { file, lifetimeSeconds } = config.revocation;
  const revocations = await openRevocations({ file, list: options.revocations, clock, log });
  const shared: AuthenticatorOptions = {
    ...config,
    ...config.limits,
    revocations: revocations.list,
    revocationLifetimeSeconds: lifetimeSeconds,
    observer,
    clock,
    log,
  };
  const authenticator = createAuthenticator(shared);
  const enterprise = createEnterprise(config, shared);
  const anchors = [...config.audit.anchors, ...(options.anchors ?? [])];
  const exports = config.audit.export.map(({ name }) => name);
  const openLog = (): Promise<AuditLog> =>
    openAuditLog({
      ...config.audit,
      anchors,
      exports,
      observer,
      clock,
      log,
    }).catch(inFile(config.file));
  const targets = await openTargets(config.audit.export).catch(inFile(config.file));
  const audit = options.audit ?? (await openLog());
  const exporting = openExport({ audit, targets, logger: options.auditLogger, observer, clock, log });
  // Not before everything is open: a start that fails says one line.
  for (const { event, field } of config.warnings) logEvent(log, event, { field });
  for (const { event, ...concern } of cardWarnings(card)) logEvent(log, event, concern);
  drift.report(log);
  const parts = { config, card, authorizer, authenticator, enterprise, revocations, audit, observer, clock, log };
  const runtime = createRuntime(parts);
  await audit.append({ type: 'config.loaded', detail: loadedDetail(config, authorizer) });
  authenticator.start();
  enterprise?.authenticator.start();
  if (telemetry.metricsUrl !== undefined) logEvent(log, 'sallyport.metrics.listening', { url: telemetry.metricsUrl });
  logStarted(runtime, card);
  return assemble(runtime, card, options.drainTimeoutMs ?? 10_000, { exporting, telemetry, log });
}

/** What the log says of the configuration; that a policy is not enforced must not be missed. */
function loadedDetail({ hash, enforcement }: SallyportConfig, { policy }: Authorizer): JsonObject {
  return { hash, policy, ...(enforcement === 'observe' && { enforcement }) };
}

/** The enterprise token has an issuer, an audience and keys of its own, and is never bound to a key of the client. */
function createEnterprise({ enterpriseToken }: SallyportConfig, shared: AuthenticatorOptions): Runtime['enterprise'] {
  if (enterpriseToken === undefined) return undefined;
  const tokens = createAuthenticator({ ...shared, issuers: [enterpriseToken], dpop: undefined });
  return { header: enterpriseToken.header.toLowerCase(), authenticator: createEnterpriseAuthenticator(tokens) };
}

/** Adds the configuration file to an error of a field that only it knows. */
function inFile(file: string | undefined): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof SetupError) || error.file !== undefined || file === undefined) throw error;
    const { code, field, problem, remedy, cause } = error;
    throw new SetupError({ code, file, ...(field !== undefined && { field }), problem, remedy, cause });
  };
}

interface Beside {
  readonly exporting: AuditExport | undefined;
  readonly telemetry: OpenedObserver;
  readonly log: LimitedLogger;
}

function assemble(
  runtime: Runtime,
  card: Card,
  drainTimeoutMs: number,
  { exporting, telemetry, log }: Beside,
): Sallyport {
  const readiness = loggedReadiness(log, () => readinessOf(runtime));
  const stopWatching = watchRevokedStreams(runtime);
  const stopObserving = runtime.observer.watch?.(() => observedStateOf(runtime));
  runtime.revocations.onForeign((entry, untilMs) => {
    runtime.record({ type: 'token.revoked', revocation: { entry, untilMs }, detail: { by: 'file' } });
    void closeRevokedStreams(runtime);
  });
  let closed: Promise<void> | undefined;
  const suite: Sallyport = {
    config: runtime.config,
    wellKnown: createWellKnown(runtime, card),
    health: createHealth(readiness),
    metrics: telemetry.metrics,
    protect: protectWith(runtime),
    backChannelLogout: createBackChannelLogout(runtime),
    readiness,
    revoke: createRevoke(runtime),
    close() {
      closed ??= runtime.inFlight.drain(drainTimeoutMs).then(async () => {
        stopWatching();
        runtime.revocations.close();
        runtime.authenticator.close();
        runtime.enterprise?.authenticator.close();
        await runtime.audit.close();
        await exporting?.close();
        stopObserving?.();
        await telemetry.close();
        log.flush();
        logEvent(log, 'sallyport.stopped', { resource: runtime.config.resource });
      });
      return closed;
    },
  };
  setRuntime(suite, runtime);
  return suite;
}
