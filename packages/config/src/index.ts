export { loadConfig, type LoadConfigOptions } from './load-config.ts';
export { configJsonSchema } from './schema/config-json-schema.ts';
export type { AnchorConfig, AnchorInput } from './types/audit-anchor.ts';
export type { ExportConfig, OtlpExportConfig, StdoutExportConfig } from './types/audit-export-config.ts';
export type { ExportInput, ExportTlsInput } from './types/audit-export-input.ts';
export type { AuditInput, RetentionInput, RotateInput } from './types/audit-input.ts';
export type { ClientCertificateInput, DpopInput } from './types/binding-input.ts';
export type {
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
