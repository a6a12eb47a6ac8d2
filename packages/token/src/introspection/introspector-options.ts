import type { Clock, OperationalLogger } from '@sallyport/core';
import type { ClaimWarning } from '../jwt/read-principal.ts';
import type { AddressPolicy } from '../keys/address-policy.ts';
import type { KeySource } from '../keys/key-source.ts';
import type { KeyTiming, Schedule } from '../keys/key-timing.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import type { IntrospectionRules } from './read-introspection.ts';

export interface IntrospectorOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientAuthentication: ClientAuthentication;
  readonly endpoint: URL | undefined;
  readonly cacheSeconds: number;
  /** Demand signed answers. */
  readonly signedResponse: boolean;
  readonly algorithms: ReadonlySet<string>;
  readonly keys: KeySource;
  readonly rules: IntrospectionRules;
  readonly clockSkewSeconds: number;
  /** Addresses that may be connected to, by the protocol of the URL. */
  addresses(url: URL): AddressPolicy;
  readonly allowInsecureLoopback: boolean;
  readonly clock: Clock;
  readonly timing: KeyTiming;
  readonly schedule: Schedule;
  readonly log: OperationalLogger;
  readonly warn: (warning: ClaimWarning) => void;
}
