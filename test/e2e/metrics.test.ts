import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { debianProgram } from '../../packages/core/test/support/debian-program.ts';
import { readExposition, type Exposition } from './support/exposition.ts';
import { expectFailedStart, tryStarts, type FailedStart } from './support/failed-start.ts';
import { openGuard } from './support/guard.ts';
import { modern, send } from './support/mcp-request.ts';
import { madeUp, startScrapedTarget, type ScrapedTarget } from './support/scraped-target.ts';
import { verifies } from './support/verifies.ts';

const page = readFileSync(new URL('../../docs/telemetry.md', import.meta.url), 'utf8');

let scraped: ScrapedTarget;
let told: Exposition;
beforeAll(async () => {
  scraped = await startScrapedTarget();
  await scraped.drive();
  told = await scraped.scrapeWith(...scraped.everything);
});
afterAll(() => scraped.close());

/** The values of a label, in every series whose name begins so. */
function valuesOf(metric: string, label: string): string[] {
  return [...(told.get(metric)?.get(label) ?? [])].toSorted();
}

describe('a scrape', () => {
  verifies('METRICS-SCRAPE', 'has every metric that the documentation lists', () => {
    const listed = [...page.matchAll(/^\| `([a-z._]+)` +\| (counter|gauge|histogram)[^|`]*(`s`)?/gm)];
    expect(listed.length).toBeGreaterThan(20);
    const missing = listed
      .map(([, name = '', kind, seconds]) => {
        const series = `${name.replaceAll('.', '_')}${seconds === undefined ? '' : '_seconds'}`;
        return kind === 'counter' ? `${series}_total` : kind === 'histogram' ? `${series}_bucket` : series;
      })
      .filter((series) => !told.has(series));
    expect(missing).toEqual([]);
  });

  verifies('METRICS-SCRAPE', 'counts every outcome, with the attributes of the conventions', () => {
    const calls = 'mcp_server_operation_duration_seconds_count';
    expect(valuesOf(calls, 'error_type')).toEqual(
      expect.arrayContaining(['-32020', '-32601', '-32602', '401', '403', 'disconnected', 'tool_error']),
    );
    expect(valuesOf(calls, 'mcp_protocol_version')).toEqual(['2025-11-25', '2026-07-28']);
    expect(valuesOf(calls, 'network_protocol_version')).toEqual(['1.1']);
    expect(valuesOf('sallyport_auth_decisions_total', 'sallyport_stage')).toEqual(['authenticate', 'authorize']);
    expect(valuesOf('sallyport_audit_export_delay_seconds', 'sallyport_audit_export')).toEqual(['dead', 'refusing']);
    expect(valuesOf('sallyport_jwks_refresh_total', 'sallyport_outcome')).toEqual(['error', 'ok']);
  });

  verifies('METRICS-SCRAPE', 'is what promtool takes for well made', async () => {
    const promtool = await debianProgram('promtool', 'prometheus', 'that promtool takes a scrape for well made');
    if (promtool === undefined) return;
    const checked = spawnSync(promtool, ['check', 'metrics'], { input: await scraped.scrape(), encoding: 'utf8' });
    expect({ status: checked.status, says: checked.stderr }).toEqual({ status: 0, says: '' });
  });

  verifies(
    'METRICS-BOUNDED',
    'has no name that only a caller knows, and no series more, however many there are',
    async () => {
      const { guard } = scraped;
      const tools = valuesOf('mcp_server_operation_duration_seconds_count', 'gen_ai_tool_name');
      expect(tools).toEqual(['_OTHER', 'crash', 'echo', 'sleep', 'write-note']);
      const before = await scraped.scrape();
      for (let count = 0; count < 300; count++) {
        const name = `${madeUp}-${count}`;
        const rpc: [string, object] = count % 2 === 0 ? ['tools/call', { name }] : [name, {}];
        const made = modern(rpc[0], { ...rpc[1] }, { token: guard.good });
        await send(guard.target.url, { ...made, headers: { ...made.headers, 'user-agent': guard.userAgent() } });
      }
      const after = await scraped.scrape();
      expect(after).not.toContain(madeUp);
      expect(seriesIn(after)).toEqual(seriesIn(before));
    },
  );

  verifies('METRICS-NO-SECRET', 'has no token, subject, argument or resource URI', async () => {
    const text = await scraped.scrape();
    for (const secret of [scraped.guard.good, 'nobody', 'hello', 'note:///', 'client-1', 'e2e/'])
      expect(text).not.toContain(secret);
  });
});

describe('the endpoint', () => {
  verifies('METRICS-APART', 'serves GET of its path, and is not on the port of MCP', async () => {
    const { guard, url } = scraped;
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(new URL('/', url))).status).toBe(404);
    expect((await fetch(new URL('/mcp', url), { method: 'POST' })).status).toBe(404);
    for (const path of ['/metrics', '/mcp/metrics']) {
      const answer = await fetch(guard.target.origin + path);
      expect([answer.status, (await answer.text()).includes('sallyport_ready')]).toEqual([404, false]);
    }
    await guard.expectNextAnswered();
  });

  verifies('METRICS-APART', 'is not there without the field', async () => {
    const plain = await openGuard();
    await plain.expectNextAnswered();
    expect(plain.target.stderr()).not.toContain('sallyport.metrics.listening');
    await plain.close();
  });

  verifies('METRICS-START', 'refuses to start when its port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const start: FailedStart = {
      config: { telemetry: { prometheus: { port } } },
      file: 'config.json',
      field: 'telemetry.prometheus.port',
      says: /port \d+ of 127\.0\.0\.1 is taken/,
      code: 'ERR_TELEMETRY_PROMETHEUS',
    };
    expectFailedStart(start, (await tryStarts([start])).get(start));
    await new Promise((resolve) => taken.close(resolve));
  });
});

/** How many series there are, buckets left out. */
function seriesIn(text: string): number {
  readExposition(text);
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket{')).length;
}
