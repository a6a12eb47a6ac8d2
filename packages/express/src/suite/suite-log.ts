import type { Card } from '@sallyport/card';
import type { SallyportConfig } from '@sallyport/config';
import { createLimitedLogger, logEvent, type LimitedLogger, type OperationalLogger } from '@sallyport/core';
import { createTracedLogger } from '@sallyport/telemetry';
import { createLogger } from './logger.ts';
import type { Runtime } from './runtime.ts';
import type { Readiness } from './sallyport.ts';

/** The log of a suite: lines carry the ids of the active span, and no caller can flood it. */
export function openSuiteLog({ log: { level } }: SallyportConfig, given: OperationalLogger | undefined): LimitedLogger {
  return createLimitedLogger(createTracedLogger(given ?? createLogger(level)));
}

/** The line that says what is guarded, how, and where its records go. */
export function logStarted({ config, authorizer, log }: Runtime, { name, version, access }: Card): void {
  const { audit } = config;
  logEvent(log, 'sallyport.started', {
    resource: config.resource,
    server: `${name} ${version}`,
    tools: access.tools.size,
    resources: access.resources.size,
    prompts: access.prompts.size,
    issuers: config.issuers.length,
    enforcement: config.enforcement,
    legacy: config.legacy,
    auditDirectory: audit.directory,
    auditStream: audit.stream,
    auditMode: audit.mode,
    exports: audit.export.map((each) => each.name),
    policy: authorizer.policy,
    config: config.hash,
  });
}

/** A readiness that says in the log when it has changed since it was last asked for. An end that was asked for is no news. */
export function loggedReadiness(log: OperationalLogger, read: () => Readiness): () => Readiness {
  let said: boolean | undefined;
  return () => {
    const readiness = read();
    const { ready, checks } = readiness;
    if (ready !== said && !checks.closing) {
      said = ready;
      if (ready) logEvent(log, 'sallyport.ready');
      else logEvent(log, 'sallyport.unready', { problems: problemsOf(readiness) });
    }
    return readiness;
  };
}

function problemsOf({ checks: { audit, issuers, revocations } }: Readiness): string[] {
  const named = [
    { name: 'audit', ...audit },
    { name: 'revocations', ...revocations },
    ...issuers.map(({ issuer, ...state }) => ({ name: issuer, ...state })),
  ];
  return named.filter(({ ok }) => !ok).map(({ name, problem }) => `${name}: ${problem ?? 'not ready yet'}`);
}
