import type { Requirement } from './requirement.ts';

/** What operators count. */
export const metricsRequirements = {
  'METRICS-SCRAPE': {
    text: 'With telemetry.prometheus a server answers scrapes on a listener of its own with every metric that the documentation lists, in the exposition format.',
    source: 'Telemetry; Prometheus exposition format 0.0.4; OpenTelemetry MCP semantic conventions, metrics',
  },
  'METRICS-LINES': {
    text: 'Hosts with either line of OpenTelemetry JS, 2.x and 3.x, get every metric once, also when Prometheus scrapes the server.',
    source: 'Telemetry; OpenTelemetry metrics API',
  },
  'METRICS-APART': {
    text: 'Without the field nothing listens, and the endpoint of MCP never serves metrics. The listener serves GET of one path and nothing else.',
    source: 'Telemetry',
  },
  'METRICS-BOUNDED': {
    text: 'No caller can make series: names of tools, methods, versions and errors that only a caller knows are one.',
    source: 'Telemetry; OpenTelemetry metrics, cardinality',
  },
  'METRICS-NO-SECRET': {
    text: 'No token, subject, argument, resource URI or session id is in a metric.',
    source: 'Telemetry',
  },
  'METRICS-START': {
    text: 'A metrics port that is taken ends the process before it listens, with one line that names the field.',
    source: 'Start',
  },
  'METRICS-QUERIES': {
    text: 'Every query of the dashboard and of the rules names metrics, labels and values that a server really tells, and Prometheus evaluates it.',
    source: 'Telemetry, dashboards and alerts as code',
  },
  'METRICS-ALERTS': {
    text: 'The rules load, each alert fires on what it is for and on nothing else, and each has a runbook.',
    source: 'Telemetry, dashboards and alerts as code',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
