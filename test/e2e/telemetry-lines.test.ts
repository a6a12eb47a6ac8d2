import { beforeAll, describe, expect } from 'vitest';
import { breaches, type SpanFacts } from '../../packages/telemetry/test/support/server-span.ts';
import { playIn, runsHere, type OtelHost, type ScenarioReport } from './support/otel-host.ts';
import { verifies } from './support/verifies.ts';

const hosts: readonly OtelHost[] = ['2.x', '3.x', '3.x, one api'];
const callerTrace = '4bf92f3577b34da6a3ce929d0e0e4736';
const callerSpan = '00f067aa0ba902b7';

type Span = ScenarioReport['spans'][number];

const call = { method: 'tools/call', kind: 'request' } as const;

/** Every outcome, what the conventions want to know of it, and its `error.type`. */
const outcomes: Readonly<Record<string, readonly [SpanFacts, string | undefined]>> = {
  ok: [{ ...call, target: 'echo', failed: false, answeredCode: false }, undefined],
  list: [{ method: 'tools/list', kind: 'request', failed: false, answeredCode: false }, undefined],
  'tool error': [{ ...call, target: 'fail', failed: true, answeredCode: false }, 'tool_error'],
  denial: [{ ...call, target: 'forbidden', failed: true, answeredCode: true }, '403'],
  hidden: [{ ...call, target: 'hidden', failed: true, answeredCode: true }, '-32602'],
  invalid: [{ ...call, failed: true, answeredCode: true }, '-32020'],
  crashed: [{ ...call, target: 'crash', failed: true, answeredCode: true }, '-32603'],
  cancelled: [{ ...call, target: 'cancel', failed: true, answeredCode: false }, 'cancelled'],
  disconnected: [{ ...call, target: 'hang', failed: true, answeredCode: false }, 'disconnected'],
  'no log': [{ ...call, target: 'echo', failed: true, answeredCode: true }, '-32603'],
};

for (const host of hosts) {
  if (!runsHere(host)) {
    process.stderr.write(`OpenTelemetry ${host} needs Node 22.15: nothing was proved about it on ${process.version}\n`);
    continue;
  }
  describe(`a host with OpenTelemetry ${host}`, () => {
    let report: ScenarioReport;
    beforeAll(() => {
      report = playIn(host);
    });

    verifies(['SPAN-LINES', 'SPAN-CONVENTIONS'], 'sees one span for every outcome, as the conventions say', () => {
      expect(report.line).toBe(host.slice(0, 3));
      for (const [name, [facts, errorType]] of Object.entries(outcomes)) {
        const span = spanOf(report, name);
        expect(breaches(span, facts), name).toEqual([]);
        expect(span.attributes['error.type'], name).toBe(errorType);
        expect(span.scope).toBe('@sallyport/telemetry');
      }
    });

    verifies('SPAN-LINES', 'measures every outcome, with the same method and error', () => {
      for (const [name, [{ method, target }, errorType]] of Object.entries(outcomes)) {
        const found = report.points.filter(
          ({ name: metric, attributes }) =>
            metric === 'mcp.server.operation.duration' &&
            attributes['mcp.method.name'] === method &&
            attributes['gen_ai.tool.name'] === target &&
            attributes['error.type'] === errorType,
        );
        expect(found, name).toHaveLength(1);
        expect(found[0]?.value, name).toBeGreaterThan(0);
        expect(found[0]?.boundaries[0], name).toBe(0.01);
      }
    });

    verifies('SPAN-PARTS', 'sees the parts of a call below its span, one after another', () => {
      const span = spanOf(report, 'ok');
      const parts = report.spans.filter(({ parentSpanId }) => parentSpanId === span.spanId);
      expect(parts.map(({ name }) => name)).toEqual([
        'sallyport.authenticate',
        'sallyport.authorize',
        'sallyport.audit',
        'sallyport.handler',
        'sallyport.audit',
      ]);
      expect(parts.map(({ kind }) => kind)).toEqual([0, 0, 0, 0, 0]);
      const times = [span.start, ...parts.flatMap(({ start, end }) => [start, end]), span.end].map(BigInt);
      expect(times.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))).toEqual(times);
      const [, , , handler] = parts;
      const work = report.spans.filter(({ name }) => name === 'look up');
      expect(work.map(({ parentSpanId }) => parentSpanId)).toEqual([handler?.spanId]);
      expect(parts.at(-1)?.attributes['sallyport.audit.wait']).toBeTypeOf('number');
    });

    verifies('SPAN-CONTEXT', 'finds the caller as parent, itself as a link, and the ids in the records', () => {
      const span = spanOf(report, 'ok');
      expect(span).toMatchObject({ traceId: callerTrace, parentSpanId: callerSpan });
      const own = { traceId: span.traceId, spanId: span.spanId };
      const http = report.spans.find(({ name, spanId }) => name === 'POST' && spanId !== span.spanId);
      expect(span.links).toHaveLength(1);
      expect(report.spans.filter(({ name }) => name === 'POST').map(({ traceId }) => traceId)).toContain(span.links[0]);
      expect(http).toBeDefined();
      expect(tracesOf(report, 'ok')).toEqual([own, own]);
      expect(tracesOf(report, 'denial').map((trace) => trace?.traceId)).toEqual([callerTrace]);
      // Without a context of the caller the host's span is the parent.
      expect(report.spans.some(({ spanId }) => spanId === spanOf(report, 'list').parentSpanId)).toBe(true);
    });

    verifies('SPAN-CONVENTIONS', 'finds on its own span why a request without a token was refused', () => {
      const refused = report.spans.filter(({ attributes }) => attributes['sallyport.reason'] === 'no_token');
      expect(refused.map(({ name }) => name)).toEqual(['POST']);
    });

    verifies(['SPAN-SECRETS', 'SPAN-CARDINALITY'], 'sees no secret, and no name that a caller made up', () => {
      const seen = JSON.stringify([report.spans, report.points]);
      for (const secret of report.secrets) expect(seen).not.toContain(secret);
      expect(seen).not.toContain('made-up');
      const names = new Set(report.spans.filter(({ kind }) => kind === 1).map(({ name }) => name));
      expect(names.size).toBeLessThanOrEqual(Object.keys(outcomes).length + 1);
    });

    verifies(
      ['SPAN-VERSION', 'SPAN-SECRETS'],
      'gets the conventions in development and redacted content when it asks',
      () => {
        const other = playIn(host, { conventions: 'gen_ai_latest_experimental', content: 'arguments-and-results' });
        const hidden = spanOf(other, 'hidden');
        expect(breaches(hidden, { ...call, target: 'hidden', failed: false, answeredCode: true })).toEqual([]);
        const { attributes } = spanOf(other, 'ok');
        const shown = `${String(attributes['gen_ai.tool.call.arguments'])} ${String(attributes['gen_ai.tool.call.result'])}`;
        expect(shown).toContain('canary-argument-hello');
        expect(shown).toContain('hmac-sha256:span:');
        for (const secret of other.secrets.filter((text) => !/argument|baggage/.test(text))) {
          expect(JSON.stringify(other.spans)).not.toContain(secret);
        }
      },
    );

    verifies(
      'SPAN-PROPAGATION-ONLY',
      'gets no span of the guard when it makes its own, and the records still say where',
      () => {
        const only = playIn(host, { mode: 'propagation-only' });
        const theirs = { traceId: callerTrace, spanId: callerSpan };
        expect(only.spans.filter(({ scope }) => scope !== 'host')).toEqual([]);
        const work = only.spans.filter(({ name }) => name === 'look up');
        expect(work.map(({ traceId, parentSpanId }) => [traceId, parentSpanId])).toEqual([[callerTrace, callerSpan]]);
        expect(tracesOf(only, 'ok')).toEqual([theirs, theirs]);
        expect(only.points.some(({ name }) => name === 'mcp.server.operation.duration')).toBe(true);
      },
    );
  });
}

function spanOf({ calls, spans }: ScenarioReport, name: string): Span {
  const id = String(calls[name]?.id);
  const found = spans.filter(({ kind, attributes }) => kind === 1 && attributes['jsonrpc.request.id'] === id);
  const [span] = found;
  if (span === undefined || found.length !== 1) throw new Error(`${name} has ${found.length} spans`);
  return span;
}

function tracesOf(
  { calls, records }: ScenarioReport,
  name: string,
): readonly ScenarioReport['records'][number]['trace'][] {
  const ofCall = records.filter(({ id, type }) => id === calls[name]?.id && type.startsWith('mcp.'));
  return ofCall.map(({ trace }) => trace);
}
