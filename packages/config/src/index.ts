export { loadConfig, type LoadConfigOptions } from './load-config.ts';
export { configJsonSchema } from './schema/config-json-schema.ts';
export type { AnchorConfig, AnchorInput } from './types/audit-anchor.ts';
export type {
  ExportConfig,
  OtlpExportConfig,
  StdoutExportConfig,
  SyslogExportConfig,
  WebhookExportConfig,
} from './types/audit-export-config.ts';
export type { ExportInput, ExportTlsInput, ExportType } from './types/audit-export-input.ts';
export type { AuditInput, RetentionInput, RotateInput } from './types/audit-input.ts';
export type { ClientCertificateInput, DpopInput } from './types/binding-input.ts';
export type {
  ClaimPathInput,
  ClaimsInput,
  ConfigInput,
  EnterpriseTokenInput,
  IntrospectionInput,
  IssuerInput,
  IssuerProfileName,
  LimitsInput,
  LogInput,
  NetworkInput,
  PublicMethod,
  RateLimitsInput,
  SignatureAlgorithm,
  TasksInput,
} from './types/config-input.ts';
export type { BackChannelLogoutInput, RevocationInput } from './types/revocation-input.ts';
export type { StepUpInput } from './types/step-up-input.ts';
export type { PrometheusInput, TelemetryInput } from './types/telemetry-input.ts';
export type {
  AuditConfig,
  ConfigWarning,
  DpopConfig,
  EnterpriseTokenConfig,
  IntrospectionConfig,
  IssuerConfig,
  NetworkConfig,
  RevocationConfig,
  SallyportConfig,
  StepUpConfig,
  PrometheusConfig,
  TelemetryConfig,
} from './types/sallyport-config.ts';
