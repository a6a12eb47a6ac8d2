import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MeterProvider } from '@opentelemetry/api';
import { listen, urlOf } from './listen.ts';
import { loadExporter } from './load-exporter.ts';
import { createScrapeHandler } from './scrape-handler.ts';
import { secondsViews } from './seconds-views.ts';

export interface OpenPrometheusOptions {
  /** Whether to listen. Without it only `handle` answers. Default true. */
  readonly listen?: boolean;
  /** Address to listen at. Default `127.0.0.1`: scrapers of this host, or of the same pod, only. */
  readonly host?: string;
  /** Port to listen at; 0 is a free one. Default 9464. */
  readonly port?: number;
  /** The one path that is served. Default `/metrics`. */
  readonly path?: string;
}

/** A Prometheus scrape endpoint. */
export interface PrometheusEndpoint {
  /** What the metrics go to: a provider of its own, registered nowhere. */
  readonly meterProvider: MeterProvider;
  /** Where it listens; absent when it does not. */
  readonly url?: string;
  /** Answers one scrape, whatever its path. It asks for no credential: mount it where only scrapers come. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** Stops listening and forgets what was counted. */
  close(): Promise<void>;
}

/**
 * Opens a scrape endpoint in the Prometheus exposition format, for hosts without an OpenTelemetry collector. It works beside an
 * OpenTelemetry SDK of the host, and does not look at it.
 *
 * It has no authentication, as scrapers expect, so by default it listens on loopback alone. What it tells: names of the card's tools and
 * prompts, of the configured issuers and exports, and numbers; nothing of callers.
 *
 * @throws SetupError `ERR_TELEMETRY_PROMETHEUS` when its packages are not installed or the address can not be had
 */
export async function openPrometheus(options: OpenPrometheusOptions = {}): Promise<PrometheusEndpoint> {
  const { host = '127.0.0.1', port = 9464, path = '/metrics' } = options;
  const { exporter: prometheus, sdk } = await loadExporter();
  const exporter = new prometheus.PrometheusExporter({ preventServerStart: true });
  const meterProvider = new sdk.MeterProvider({ readers: [exporter], views: [...secondsViews] });
  // What runs is said by the labels that a scraper sets; the scope is always the same.
  const serializer = new prometheus.PrometheusSerializer(undefined, false, undefined, true, true);
  const handle = createScrapeHandler(async () => serializer.serialize((await exporter.collect()).resourceMetrics));
  const server = options.listen === false ? undefined : await listen({ host, port, path }, handle);
  return {
    meterProvider,
    ...(server !== undefined && { url: urlOf(server, path) }),
    handle,
    async close() {
      if (server !== undefined) {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        await closed;
      }
      await meterProvider.shutdown();
    },
  };
}
