import type { AuditInput, RotateInput } from './audit-input.ts';
import type { ClientCertificateInput, DpopInput } from './binding-input.ts';
import type {
  ConfigInput,
  IntrospectionInput,
  IssuerInput,
  LimitsInput,
  LogInput,
  NetworkInput,
  RateLimitsInput,
  TasksInput,
} from './config-input.ts';
import type { BackChannelLogoutInput, RevocationInput } from './revocation-input.ts';
import type { StepUpInput } from './step-up-input.ts';
import type { PrometheusInput, TelemetryInput } from './telemetry-input.ts';

/** The same type with some fields certain, because they have a default. */
type With<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: Exclude<T[P], undefined> };

export type IntrospectionValues = With<IntrospectionInput, 'cacheSeconds' | 'signedResponse' | 'audienceless'>;
export type IssuerValues = Omit<
  With<
    IssuerInput,
    'tenants' | 'profile' | 'appOnlyRoles' | 'algorithms' | 'tokens' | 'strictAudience' | 'allowPrivateAddresses'
  >,
  'introspection' | 'backChannelLogout'
> & { readonly introspection?: IntrospectionValues; readonly backChannelLogout?: BackChannelLogoutValues };
export type BackChannelLogoutValues = Required<BackChannelLogoutInput>;
export type EnterpriseTokenValues = IssuerValues & { readonly header: string };
export type RevocationValues = With<RevocationInput, 'lifetimeSeconds'>;
export type AuditValues = Omit<
  With<AuditInput, 'mode' | 'level' | 'pseudonymizeSubjects' | 'anchors' | 'export'>,
  'rotate'
> & {
  readonly rotate: RotateValues;
};
export type RotateValues = Required<RotateInput>;
export type NetworkValues = With<NetworkInput, 'allowedOrigins' | 'trustedProxies'>;
export type RateLimitsValues = Required<RateLimitsInput>;
export type LimitsValues = Required<LimitsInput>;
export type DpopValues = With<DpopInput, Exclude<keyof DpopInput, 'nonceKey'>>;
export type StepUpValues = Required<StepUpInput>;
export type LogValues = Required<LogInput>;
export type TelemetryValues = Required<Omit<TelemetryInput, 'prometheus'>> & { readonly prometheus?: PrometheusValues };
export type PrometheusValues = Required<PrometheusInput>;
export type ClientCertificateValues = Required<ClientCertificateInput>;

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
  | 'issuers'
  | 'audit'
  | 'network'
  | 'rateLimits'
  | 'limits'
  | 'dpop'
  | 'clientCertificate'
  | 'enterpriseToken'
  | 'revocation'
  | 'stepUp'
  | 'log'
  | 'telemetry'
  | 'tasks'
> & {
  readonly issuers?: readonly IssuerValues[];
  readonly audit: AuditValues;
  readonly network: NetworkValues;
  readonly rateLimits: RateLimitsValues;
  readonly limits: LimitsValues;
  readonly dpop: DpopValues;
  readonly clientCertificate?: ClientCertificateValues;
  readonly enterpriseToken?: EnterpriseTokenValues;
  readonly revocation: RevocationValues;
  readonly stepUp: StepUpValues;
  readonly log: LogValues;
  readonly telemetry: TelemetryValues;
  readonly tasks: Required<TasksInput>;
};
