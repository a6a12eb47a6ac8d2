export { openPrometheus, type OpenPrometheusOptions, type PrometheusEndpoint } from './open-prometheus.ts';
