import type { Requirement } from './requirement.ts';

/** What the OpenTelemetry of a host sees of calls. */
export const spanRequirements = {
  'SPAN-CONVENTIONS': {
    text: 'Every call is one SERVER span with the name, kind, status and attributes of the MCP semantic conventions, whatever its outcome.',
    source: 'OpenTelemetry semantic conventions for MCP, server span; docs/telemetry.md',
  },
  'SPAN-VERSION': {
    text: 'telemetry.conventions chooses the text that is followed: in development, what only the caller got wrong is no error of the server.',
    source: 'semantic-conventions-genai, model/mcp/common.yaml; docs/telemetry.md',
  },
  'SPAN-PARTS': {
    text: 'Authentication, authorization, both records and the handler are spans below it, one after another within its time.',
    source: 'docs/telemetry.md',
  },
  'SPAN-CONTEXT': {
    text: 'The trace context in params._meta is the parent, the span of the host a link, and the records carry the ids.',
    source: 'OpenTelemetry semantic conventions for MCP, context propagation; SEP-414',
  },
  'SPAN-PROPAGATION-ONLY': {
    text: 'With mode propagation-only no span is made, the handler runs in the context of the caller, and the records carry its ids.',
    source: 'docs/telemetry.md',
  },
  'SPAN-SECRETS': {
    text: 'No token, identity, argument, result or baggage is in any span or metric; with telemetry.content what is sensitive is still hidden.',
    source: 'docs/telemetry.md',
  },
  'SPAN-CARDINALITY': {
    text: 'Names that callers make up are in no name of a span and in no attribute of a metric.',
    source: 'OpenTelemetry semantic conventions for MCP, span name; docs/telemetry.md',
  },
  'SPAN-LINES': {
    text: 'All of it holds with OpenTelemetry JS 2.x and 3.x, each in a process of its own, also where guard and host have different copies of the API.',
    source: 'docs/telemetry.md',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
