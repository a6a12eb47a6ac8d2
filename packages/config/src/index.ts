export { loadConfig, type LoadConfigOptions } from './load-config.ts';
export { configJsonSchema } from './schema/config-json-schema.ts';
export type { ClientCertificateInput, DpopInput } from './types/binding-input.ts';
export type {
  AuditInput,
  BackChannelLogoutInput,
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
  RevocationInput,
  SignatureAlgorithm,
  TasksInput,
} from './types/config-input.ts';
export type {
  AuditConfig,
  DpopConfig,
  EnterpriseTokenConfig,
  IntrospectionConfig,
  IssuerConfig,
  NetworkConfig,
  RevocationConfig,
  SallyportConfig,
} from './types/sallyport-config.ts';
