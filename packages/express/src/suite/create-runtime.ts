import {
  createMemoryKeyValueStore,
  createMemoryRateLimiter,
  logEvent,
  type AuditLog,
  type Authorizer,
  type Clock,
  type Observer,
  type OperationalLogger,
} from '@sallyport/core';
import type { Card } from '@sallyport/card';
import type { SallyportConfig } from '@sallyport/config';
import { resourceMetadataUrl, type Authenticator } from '@sallyport/token';
import { createCursorSeal } from '../cursor/create-cursor-seal.ts';
import { createOpenStreams } from '../edge/open-streams.ts';
import { createClientAddress } from '../network/client-address.ts';
import { createHostPolicy } from '../network/host-policy.ts';
import { createOriginPolicy } from '../network/origin-policy.ts';
import { createTrustedPeer } from '../network/trusted-peer.ts';
import { createSessionBindings } from '../session/session-bindings.ts';
import { declaredTargets } from './declared-targets.ts';
import { createInFlight } from './in-flight.ts';
import type { Revocations } from './open-revocations.ts';
import type { Runtime } from './runtime.ts';

/** Headers that carry a credential, whatever is configured. */
const credentialHeaders: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'dpop',
  'x-enterprise-token',
  'client-cert',
  'client-cert-chain',
  'x-client-cert',
  'x-forwarded-client-cert',
];

/** Calls of public methods without a token, for each address. */
const anonymousLimit = { points: 100, windowMs: 1_000 };

/** What has to be opened before. */
export interface RuntimeParts {
  readonly config: SallyportConfig;
  readonly card: Card;
  readonly authorizer: Authorizer;
  readonly authenticator: Authenticator;
  readonly enterprise: Runtime['enterprise'];
  readonly revocations: Revocations;
  readonly audit: AuditLog;
  readonly observer: Observer;
  readonly clock: Clock;
  readonly log: OperationalLogger;
}

/** Puts together what the stations share. */
export function createRuntime(parts: RuntimeParts): Runtime {
  const { card, ...opened } = parts;
  const { config, audit, log } = parts;
  const certificateHeader = config.clientCertificate?.header.toLowerCase();
  let upstreamNoted = false;
  return {
    ...opened,
    endpoint: new URL(config.resource).pathname,
    hosts: createHostPolicy(config.network.allowedHosts),
    origins: createOriginPolicy(config.network.allowedOrigins),
    clientAddress: createClientAddress(config.network.trustedProxies),
    isTrustedPeer: createTrustedPeer(config.network.trustedProxies),
    credentialHeaders: new Set(
      [...credentialHeaders, certificateHeader, parts.enterprise?.header].filter((name) => name !== undefined),
    ),
    certificateHeader,
    addressLimiter: createMemoryRateLimiter(config.rateLimits.perAddress),
    principalLimiter: createMemoryRateLimiter(config.rateLimits.perPrincipal),
    anonymousLimiter: createMemoryRateLimiter(anonymousLimit),
    sessions: createSessionBindings(createMemoryKeyValueStore({ maxEntries: 100_000, clock: parts.clock })),
    targets: declaredTargets(card),
    cursors: createCursorSeal(config.resource, config.cursorKey),
    inFlight: createInFlight(),
    openStreams: createOpenStreams(),
    challenge: {
      resourceMetadata: resourceMetadataUrl(config.resource),
      signInScope: config.signInScopes,
      dpop: config.dpop,
    },
    noteUpstreamParser() {
      if (upstreamNoted) return;
      upstreamNoted = true;
      logEvent(log, 'sallyport.guard.parsed_upstream');
    },
    record(entry) {
      audit
        .append(entry)
        .catch((error: unknown) => logEvent(log, 'sallyport.guard.record_failed', { error, type: entry.type }));
    },
  };
}
