export { loadConfig, type LoadConfigOptions } from './load-config.ts';
export { configJsonSchema } from './schema/config-json-schema.ts';
export type {
  AuditInput,
  ConfigInput,
  IssuerInput,
  LimitsInput,
  NetworkInput,
  PublicMethod,
  RateLimitsInput,
  SignatureAlgorithm,
  TasksInput,
} from './types/config-input.ts';
export type { AuditConfig, IssuerConfig, NetworkConfig, SallyportConfig } from './types/sallyport-config.ts';
