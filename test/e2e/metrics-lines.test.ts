import { beforeAll, describe, expect } from 'vitest';
import { playIn, runsHere, type OtelHost, type ScenarioReport } from './support/otel-host.ts';
import { verifies } from './support/verifies.ts';

const hosts: readonly OtelHost[] = ['2.x', '3.x', '3.x, one api'];

for (const host of hosts) {
  if (!runsHere(host)) {
    process.stderr.write(`OpenTelemetry ${host} needs Node 22.15: nothing was proved about it on ${process.version}\n`);
    continue;
  }
  describe(`a host with OpenTelemetry ${host}`, () => {
    let report: ScenarioReport;
    beforeAll(() => {
      report = playIn(host, { prometheus: { port: 0 } });
    });

    verifies('METRICS-LINES', 'gets every metric of a call, also with a Prometheus endpoint beside it', () => {
      const names = new Set(report.points.map(({ name }) => name));
      for (const name of [
        'mcp.server.operation.duration',
        'sallyport.auth.decisions',
        'sallyport.requests.refused',
        'sallyport.token.cache',
        'sallyport.jwks.refresh',
        'sallyport.jwks.held',
        'sallyport.issuer.ready',
        'sallyport.ready',
        'sallyport.enforcing',
        'sallyport.requests.active',
        'sallyport.streams.open',
      ])
        expect(names).toContain(name);
    });

    verifies('METRICS-LINES', 'gets each count once', () => {
      const accepted = report.points.filter(
        ({ name, attributes }) =>
          name === 'sallyport.auth.decisions' &&
          attributes['sallyport.stage'] === 'authenticate' &&
          attributes['sallyport.effect'] === 'allow',
      );
      const authenticated = Object.values(report.calls).filter(({ httpStatus }) => httpStatus !== 401);
      expect(accepted.map(({ value }) => value)).toEqual([authenticated.length]);
    });

    verifies(['METRICS-LINES', 'METRICS-BOUNDED'], 'gets few series for eighty names that a caller made up', () => {
      const series = report.points.filter(({ name }) => name === 'mcp.server.operation.duration');
      expect(series.length).toBeLessThan(20);
      expect(series.some(({ attributes }) => attributes['gen_ai.tool.name'] === '_OTHER')).toBe(true);
      expect(series.some(({ attributes }) => attributes['mcp.method.name'] === '_OTHER')).toBe(true);
    });
  });
}
