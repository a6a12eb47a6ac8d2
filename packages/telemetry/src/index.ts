export { createTelemetry, type CreateTelemetryOptions } from './create-telemetry.ts';
