export { loadConfig, type LoadConfigOptions } from './load-config.ts';
export { configJsonSchema } from './schema/config-json-schema.ts';
export type { ClientCertificateInput, DpopInput } from './types/binding-input.ts';
export type {
  AuditInput,
  ClaimPathInput,
  ClaimsInput,
  ConfigInput,
  EnterpriseTokenInput,
  IntrospectionInput,
  IssuerInput,
  IssuerProfileName,
  LimitsInput,
  NetworkInput,
  PublicMethod,
  RateLimitsInput,
  SignatureAlgorithm,
  TasksInput,
} from './types/config-input.ts';
export type { BackChannelLogoutInput, RevocationInput } from './types/revocation-input.ts';
export type { StepUpInput } from './types/step-up-input.ts';
export type {
  AuditConfig,
  DpopConfig,
  EnterpriseTokenConfig,
  IntrospectionConfig,
  IssuerConfig,
  NetworkConfig,
  RevocationConfig,
  SallyportConfig,
  StepUpConfig,
} from './types/sallyport-config.ts';
