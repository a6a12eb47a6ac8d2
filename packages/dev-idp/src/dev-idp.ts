import type { DevRunningClients } from './directory/demo-clients.ts';
import type { DevUser } from './directory/demo-users.ts';
import type { DevResource } from './directory/dev-resource.ts';
import type { DevEndpoint } from './http/endpoints.ts';
import type { DevFailure } from './http/failures.ts';
import type { MintLogoutTokenOptions } from './keys/mint-logout-token.ts';
import type { MintTokenOptions } from './keys/mint-token.ts';
import type { MintOpaqueTokenOptions } from './provider/mint-opaque-token.ts';

/** A provider that runs. */
export interface DevIdp {
  /** `http://127.0.0.1:<port>`; metadata is at both well-known locations below it. */
  readonly issuer: string;
  readonly port: number;
  readonly clients: DevRunningClients;
  readonly users: readonly DevUser[];
  /** Makes a resource known that was not when the provider started; the same identifier again replaces it. */
  addResource(resource: string | DevResource): void;

  /** An access token without a flow, right or deliberately wrong; see `MintTokenOptions`. Always a JWT, signed with the newest key. */
  mintToken(options: MintTokenOptions): Promise<string>;
  /** An access token without a flow that only introspection explains. */
  mintOpaqueToken(options: MintOpaqueTokenOptions): Promise<string>;
  /** Revokes an opaque access token of any origin. Resolves with false when there is none: never was, expired, revoked, or a JWT. */
  revokeToken(token: string): Promise<boolean>;
  /** A logout token (OpenID Connect Back-Channel Logout 1.0), right or deliberately wrong. It is given to you and sent to nobody. */
  mintLogoutToken(options: MintLogoutTokenOptions): Promise<string>;

  /**
   * Makes new keys for every algorithm, signs with them from now on, and publishes them before the old ones, which stay published.
   * What was issued stays valid.
   */
  rotateKeys(): Promise<void>;
  /** Publishes nothing but the newest keys, as after a key was compromised. */
  dropOldKeys(): void;

  /** Makes an endpoint fail from now on; another failure of the same endpoint replaces the first. */
  fail(failure: DevFailure): void;
  /** Ends the failure of one endpoint, or every failure. */
  heal(endpoint?: DevEndpoint): void;
  /** How many requests came so far for an endpoint, or in all. Failed ones count. */
  requests(endpoint?: DevEndpoint): number;

  /** Stops listening and cuts every connection. May be called twice. */
  close(): Promise<void>;
}
