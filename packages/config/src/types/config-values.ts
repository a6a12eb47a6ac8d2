import type {
  AuditInput,
  ConfigInput,
  IssuerInput,
  LimitsInput,
  NetworkInput,
  RateLimitsInput,
  TasksInput,
} from './config-input.ts';

/** The same type with some fields certain, because they have a default. */
type With<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: Exclude<T[P], undefined> };

export type IssuerValues = With<
  IssuerInput,
  'profile' | 'algorithms' | 'tokens' | 'strictAudience' | 'allowPrivateAddresses'
>;
export type AuditValues = With<AuditInput, 'mode' | 'level' | 'anchors' | 'export'>;
export type NetworkValues = With<NetworkInput, 'allowedOrigins' | 'trustedProxies'>;
export type RateLimitsValues = Required<RateLimitsInput>;
export type LimitsValues = Required<LimitsInput>;

/** The config file after validation, with every default that does not depend on another field. */
export type ConfigValues = Omit<
  With<
    ConfigInput,
    | 'clockSkewSeconds'
    | 'signInScopes'
    | 'publish'
    | 'drift'
    | 'enforcement'
    | 'publicMethods'
    | 'legacy'
    | 'dangerouslyAllowInsecureIssuers'
  >,
  'issuers' | 'audit' | 'network' | 'rateLimits' | 'limits' | 'dpop' | 'tasks'
> & {
  readonly issuers?: readonly IssuerValues[];
  readonly audit: AuditValues;
  readonly network: NetworkValues;
  readonly rateLimits: RateLimitsValues;
  readonly limits: LimitsValues;
  readonly dpop: { readonly mode: 'off' };
  readonly tasks: Required<TasksInput>;
};
