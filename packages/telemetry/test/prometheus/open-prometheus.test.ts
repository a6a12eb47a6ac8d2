import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect, createServer as createNetServer, type AddressInfo } from 'node:net';
import { metrics } from '@opentelemetry/api';
import { SetupError } from '@sallyport/core';
import { afterEach, describe, expect, test } from 'vitest';
import { createTelemetry } from '../../src/index.ts';
import { openPrometheus, type OpenPrometheusOptions, type PrometheusEndpoint } from '../../src/prometheus/index.ts';
import { ok, start } from '../support/calls.ts';
import { tellEverything } from '../support/every-event.ts';
import { createMetricSdk } from '../support/metric-sdk.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  metrics.disable();
  for (const one of opened.splice(0)) await one.close();
});

async function open(options: OpenPrometheusOptions = {}): Promise<PrometheusEndpoint & { readonly url: string }> {
  const endpoint = await openPrometheus({ port: 0, ...options });
  opened.push(endpoint);
  return { ...endpoint, url: endpoint.url ?? '' };
}

async function scrape(url: string): Promise<string> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  return answer.text();
}

describe('a Prometheus endpoint', () => {
  test('shows every metric, with the unit in names of seconds and _total in names of counters', async () => {
    const endpoint = await open();
    tellEverything(createTelemetry({ additionalMeterProviders: [endpoint.meterProvider] }));
    const text = await scrape(endpoint.url);
    for (const line of [
      'mcp_server_operation_duration_seconds_bucket{mcp_method_name="tools/call"',
      'sallyport_auth_decisions_total{sallyport_stage="authenticate",sallyport_effect="deny",',
      'sallyport_requests_refused_total{sallyport_reason="no_token",http_response_status_code="401"} 1',
      'sallyport_audit_sync_duration_seconds_count 1',
      'sallyport_audit_export_delay_seconds{sallyport_audit_export="siem"}',
      'sallyport_audit_anchor_lag_seconds{sallyport_audit_anchor="witness"}',
      'sallyport_ready 1',
      'sallyport_audit_gaps_total 5',
    ])
      expect(text).toContain(line);
    expect(text).not.toMatch(/target_info|otel_scope/);
  });

  test('has a name with seconds for every metric whose unit is the second', async () => {
    const { provider, collect } = createMetricSdk();
    const endpoint = await open();
    tellEverything(createTelemetry({ meterProvider: provider, additionalMeterProviders: [endpoint.meterProvider] }));
    const text = await scrape(endpoint.url);
    const inSeconds = Object.entries(await collect()).filter(([, { unit }]) => unit === 's');
    expect(inSeconds.length).toBeGreaterThan(3);
    for (const [name] of inSeconds) expect(text).toContain(`# TYPE ${name.replaceAll('.', '_')}_seconds `);
  });

  test('answers in the exposition format, uncached', async () => {
    const { url } = await open();
    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('answers no page: none with an origin, and on loopback none under another name', async () => {
    const { url } = await open();
    expect((await fetch(url, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    const { port } = new URL(url);
    const statuses = [];
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost', `127.0.0.2:${port}`, `[::1]:${port}`]) {
      statuses.push(
        await new Promise((resolve) => {
          httpRequest(url, { headers: { host } }, (answer) => resolve(answer.resume().statusCode)).end();
        }),
      );
    }
    expect(statuses).toEqual([403, 403, 200, 200, 200]);
  });

  test('is not blinded by connections that say nothing', async () => {
    const { url } = await open();
    for (let count = 0; count < 40; count += 1) {
      const silent = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
      opened.push({ close: () => silent.destroy() });
      await new Promise((resolve) => silent.once('connect', resolve));
    }
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    expect(answer.status).toBe(200);
  });

  test('serves GET of its path and nothing else', async () => {
    const { url } = await open({ path: '/internal/metrics' });
    expect(new URL(url).pathname).toBe('/internal/metrics');
    expect((await fetch(`${url}?name[]=x`)).status).toBe(200);
    for (const path of ['/', '/metrics', '/internal/metrics/', '/internal', '//internal/metrics'])
      expect((await fetch(new URL(url).origin + path)).status).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
      const answer = await fetch(url, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
    }
  });

  test('is a provider of its own: the host keeps its metrics, and nothing is registered', async () => {
    const host = createMetricSdk();
    metrics.setGlobalMeterProvider(host.provider);
    const endpoint = await open();
    createTelemetry({ additionalMeterProviders: [endpoint.meterProvider] })
      .startCall(start())
      .end(ok);
    expect(metrics.getMeterProvider()).toBe(host.provider);
    expect(Object.keys(await host.collect())).toContain('mcp.server.operation.duration');
    expect(await scrape(endpoint.url)).toContain('mcp_server_operation_duration_seconds_count');
  });

  test('works in a host without OpenTelemetry', async () => {
    const endpoint = await open();
    const telemetry = createTelemetry({ additionalMeterProviders: [endpoint.meterProvider] });
    telemetry.startCall(start()).end(ok);
    expect(await scrape(endpoint.url)).toContain('mcp_server_operation_duration_seconds_count');
  });

  test('escapes what stands in labels', async () => {
    const endpoint = await open();
    const telemetry = createTelemetry({ additionalMeterProviders: [endpoint.meterProvider] });
    telemetry.startCall(start({ target: { kind: 'tool', name: 'a"b\\c\nd' } })).end(ok);
    expect(await scrape(endpoint.url)).toContain('gen_ai_tool_name="a\\"b\\\\c\\nd"');
  });

  test('can be mounted by a host that has a listener for such things', async () => {
    const endpoint = await openPrometheus({ listen: false });
    opened.push(endpoint);
    expect(endpoint.url).toBeUndefined();
    const server: Server = createServer((req, res) => endpoint.handle(req, res));
    opened.push({ close: () => server.closeAllConnections() }, server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    expect(await scrape(`http://127.0.0.1:${(server.address() as AddressInfo).port}/anything`)).toContain('#');
  });

  test('refuses a port that is taken, in one line that names it', async () => {
    const other = createNetServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    opened.push(other);
    const { port } = other.address() as AddressInfo;
    await expect(openPrometheus({ port })).rejects.toThrow(
      `telemetry.prometheus.port: port ${port} of 127.0.0.1 is taken; choose another port, or stop what listens there (ERR_TELEMETRY_PROMETHEUS)`,
    );
  });

  test('refuses an address that is not of this host', async () => {
    const failure = await openPrometheus({ host: '192.0.2.1', port: 0 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SetupError);
    expect(failure).toMatchObject({ field: 'telemetry.prometheus.host', code: 'ERR_TELEMETRY_PROMETHEUS' });
  });

  test('no longer listens after close, also with a connection that is kept alive', async () => {
    const endpoint = await open();
    const request = httpRequest(endpoint.url, { headers: { connection: 'keep-alive' } });
    await new Promise((resolve) => request.once('response', (answer) => resolve(answer.resume())).end());
    await endpoint.close();
    await expect(fetch(endpoint.url)).rejects.toThrow();
  });
});
