import { z } from 'zod';
import type { PrometheusValues, TelemetryValues } from '../types/config-values.ts';
import type { PrometheusInput, TelemetryInput } from '../types/telemetry-input.ts';
import { agreed } from './agreement.ts';
import { field, plainText } from './field.ts';

const prometheus = agreed<PrometheusInput, PrometheusValues>()(
  z.strictObject({
    listen: field(z.boolean().default(true), {
      description:
        'Whether a listener of its own is opened. Without it only `suite.metrics` answers, which a host mounts where its scrapers come.',
      expected: 'true or false',
      example: false,
    }),
    host: field(plainText().default('127.0.0.1'), {
      description:
        'Address that is listened at. There is no authentication: beyond loopback let only scrapers reach it. `0.0.0.0` is every address of the host, as a pod needs whose scraper is elsewhere.',
      expected: 'an address of this host',
      example: '0.0.0.0',
    }),
    port: field(z.int().min(0).max(65_535).default(9464), {
      description: 'Port that is listened at. 0 is a free one, which the log names.',
      expected: 'an integer from 0 to 65535',
      example: 9100,
    }),
    path: field(
      z
        .string()
        .regex(/^\/[!"$->@-~]*$/)
        .default('/metrics'),
      {
        description: 'The one path that is served.',
        expected: 'a path that begins with a slash, without a query',
        example: '/internal/metrics',
      },
    ),
  }),
);

const telemetry = z.strictObject({
  mode: field(z.enum(['spans', 'propagation-only', 'off']).default('spans'), {
    description:
      'What is made of calls for the OpenTelemetry of the host. `spans`: a span for every call, and metrics. `propagation-only`: metrics, and no span, for a host whose own instrumentation makes one; the handler runs in the context of the caller. `off`: neither. Without OpenTelemetry in the host nothing is made either way.',
    expected: '"spans", "propagation-only" or "off"',
    example: 'propagation-only',
  }),
  conventions: field(z.enum(['1.41', 'gen_ai_latest_experimental']).default('1.41'), {
    description:
      'Which text of the OpenTelemetry semantic conventions for MCP is followed. `1.41`: the last released one. `gen_ai_latest_experimental`: the one in development, where a request that only its caller got wrong is no error of the server. Left out: the second when `OTEL_SEMCONV_STABILITY_OPT_IN` names it.',
    expected: '"1.41" or "gen_ai_latest_experimental"',
    example: 'gen_ai_latest_experimental',
  }),
  remoteParent: field(z.enum(['parent', 'link', 'ignore']).default('parent'), {
    description:
      'What the trace context in `params._meta` of a call is. `parent`: its span belongs to the trace of the caller, who then also says, with most samplers, whether it is sampled; the handler has the baggage of the caller. `link`: its span belongs to the trace of the HTTP request and names the other. `ignore`: it is not read.',
    expected: '"parent", "link" or "ignore"',
    example: 'link',
  }),
  content: field(z.enum(['none', 'arguments', 'arguments-and-results']).default('none'), {
    description:
      'What of the content of tool calls is put on their spans. It is redacted as in the audit log at level `full`, but with a key of the process: what the card calls `sensitive`, has the name of a credential or looks like one is never there. Spans leave the host and are not protected as the audit log is.',
    expected: '"none", "arguments" or "arguments-and-results"',
    example: 'arguments',
  }),
  prometheus: field(prometheus.exactOptional(), {
    description:
      'A scrape endpoint in the Prometheus format, for those without a collector. It works with and without OpenTelemetry in the host, and in every `mode`. Needs the packages `@opentelemetry/exporter-prometheus` and `@opentelemetry/sdk-metrics`; see `docs/telemetry.md`.',
    expected: 'an object',
    example: {},
    defaultText: 'no endpoint',
  }),
});

export const telemetrySchema: z.ZodType<TelemetryValues, TelemetryInput> = agreed<TelemetryInput, TelemetryValues>()(
  telemetry,
);
