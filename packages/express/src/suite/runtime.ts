import type {
  AuditEntry,
  AuditLog,
  Authorizer,
  Clock,
  Observer,
  OperationalLogger,
  RateLimiter,
} from '@sallyport/core';
import type { SallyportConfig } from '@sallyport/config';
import type { Authenticator, EnterpriseAuthenticator } from '@sallyport/token';
import type { CursorSeal } from '../cursor/create-cursor-seal.ts';
import type { OpenStreams } from '../edge/open-streams.ts';
import type { ClientAddress } from '../network/client-address.ts';
import type { HostPolicy } from '../network/host-policy.ts';
import type { OriginVerdict } from '../network/origin-policy.ts';
import type { SessionBindings } from '../session/session-bindings.ts';
import type { IncomingMessage } from 'node:http';
import type { InFlight } from './in-flight.ts';
import type { DeclaredTargets } from './declared-targets.ts';
import type { Revocations } from './open-revocations.ts';

/** Everything the stations share: opened once, read by every request. */
export interface Runtime {
  readonly config: SallyportConfig;
  /** The path of the resource: the only path the endpoint is served at. */
  readonly endpoint: string;
  readonly hosts: HostPolicy;
  readonly origins: (req: IncomingMessage) => OriginVerdict;
  readonly clientAddress: ClientAddress;
  /** Whether a request comes straight from a trusted proxy. */
  readonly isTrustedPeer: (req: IncomingMessage) => boolean;
  /** Headers that carry a credential, in lower case. None of them reaches a handler. */
  readonly credentialHeaders: ReadonlySet<string>;
  /** The header in which a trusted proxy names the client certificate, in lower case; `undefined` when none is believed. */
  readonly certificateHeader: string | undefined;
  readonly addressLimiter: RateLimiter;
  readonly principalLimiter: RateLimiter;
  /** By address, for calls of public methods: each leaves two durable records. */
  readonly anonymousLimiter: RateLimiter;
  readonly authenticator: Authenticator;
  /** For the token in a header of its own; `undefined`: the header is ignored. The name is in lower case. */
  readonly enterprise: { readonly header: string; readonly authenticator: EnterpriseAuthenticator } | undefined;
  readonly revocations: Revocations;
  readonly authorizer: Authorizer;
  /** What the card declares, as far as answers show it. */
  readonly targets: DeclaredTargets;
  readonly cursors: CursorSeal;
  readonly audit: AuditLog;
  readonly observer: Observer;
  readonly sessions: SessionBindings;
  readonly inFlight: InFlight;
  readonly openStreams: OpenStreams;
  readonly clock: Clock;
  readonly log: OperationalLogger;
  readonly challenge: {
    /** Absolute URL of the protected resource metadata (RFC 9728), from the configuration. */
    readonly resourceMetadata: string;
    readonly signInScope: readonly string[];
    /** What is accepted of DPoP: which schemes a challenge offers. */
    readonly dpop: SallyportConfig['dpop'];
  };
  /** Says once in the log that a body parser runs before the guard. */
  noteUpstreamParser(): void;
  /** Appends without waiting: for records of what did not run. */
  record(entry: AuditEntry): void;
}
