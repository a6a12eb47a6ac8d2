export type { Conventions } from './conventions/conventions.ts';
export { createTelemetry, type CreateTelemetryOptions } from './create-telemetry.ts';
export type { ContentLevel } from './span/content-attributes.ts';
export type { RemoteParent } from './trace/call-context.ts';
export { createTracedLogger } from './trace/traced-logger.ts';
