// Loaded into the target with `--import`: a host that has set up OpenTelemetry, so that records name a trace.
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';

trace.setGlobalTracerProvider(new BasicTracerProvider());
