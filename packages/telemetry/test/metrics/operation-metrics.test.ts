import { metrics } from '@opentelemetry/api';
import type { CallEnd, CallStart } from '@sallyport/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createTelemetry } from '../../src/index.ts';
import { ok, outcome, refused, start } from '../support/calls.ts';
import { createMetricSdk, type Point } from '../support/metric-sdk.ts';

const name = 'mcp.server.operation.duration';

async function counted(calls: readonly (readonly [CallStart, CallEnd])[]): Promise<readonly Point[]> {
  const { provider, collect } = createMetricSdk();
  const telemetry = createTelemetry({ meterProvider: provider });
  for (const [begun, end] of calls) telemetry.startCall(begun).end(end);
  return (await collect())[name]?.points ?? [];
}

async function attributesOf(begun: CallStart, end: CallEnd): Promise<Readonly<Record<string, unknown>>> {
  const [point] = await counted([[begun, end]]);
  return point?.attributes ?? {};
}

describe('mcp.server.operation.duration', () => {
  afterEach(() => metrics.disable());

  it('has the unit, the boundaries and the attributes of the conventions', async () => {
    const { provider, collect } = createMetricSdk();
    createTelemetry({ meterProvider: provider }).startCall(start()).end(ok);
    const metric = (await collect())[name];
    expect(metric).toMatchObject({
      unit: 's',
      description: expect.stringMatching(/^MCP request or notification duration/),
    });
    expect(metric?.points).toEqual([
      {
        value: expect.objectContaining({ count: 1, sum: 0.00525 }),
        attributes: {
          'mcp.method.name': 'tools/call',
          'gen_ai.tool.name': 'read-note',
          'gen_ai.operation.name': 'execute_tool',
          'mcp.protocol.version': '2026-07-28',
          'network.transport': 'tcp',
          'network.protocol.name': 'http',
          'network.protocol.version': '1.1',
        },
      },
    ]);
    expect(metric?.points[0]?.value).toMatchObject({
      buckets: { boundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] },
    });
  });

  it.each([
    ['a call that went well', ok, undefined, undefined],
    ['a tool error', outcome('tool_error'), 'tool_error', undefined],
    ['a JSON-RPC error', outcome('error', -32_603), '-32603', '-32603'],
    ['a crash', outcome('error'), '_OTHER', undefined],
    ['a call that the SDK rejected', outcome('rejected', -32_602), '-32602', '-32602'],
    ['a call that was cancelled', outcome('cancelled'), 'cancelled', undefined],
    ['a caller that left', outcome('disconnected'), 'disconnected', undefined],
    ['a denial', refused('insufficient_scope'), '403', '403'],
    ['a message that is not valid', refused('header_mismatch'), '-32020', '-32020'],
  ])('counts %s', async (_case, end, errorType, code) => {
    const attributes = await attributesOf(start(), end);
    expect(attributes['error.type']).toBe(errorType);
    expect(attributes['rpc.response.status_code']).toBe(code);
  });

  it('names prompts, and neither resources nor tasks', async () => {
    const prompt = start({ method: 'prompts/get', target: { kind: 'prompt', name: 'summarize' } });
    expect(await attributesOf(prompt, ok)).toMatchObject({ 'gen_ai.prompt.name': 'summarize' });
    for (const kind of ['resource', 'task'] as const) {
      const attributes = await attributesOf(start({ method: 'tasks/get', target: { kind, name: 'private' } }), ok);
      expect(JSON.stringify(attributes)).not.toContain('private');
    }
  });

  it('leaves out what is not known of a message that was refused early', async () => {
    const attributes = await attributesOf(start({ protocolVersion: '', target: null }), refused('header_mismatch'));
    expect(attributes).not.toHaveProperty('mcp.protocol.version');
    expect(attributes).not.toHaveProperty('gen_ai.tool.name');
  });

  it('has few series, whatever callers make up', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `made-up-${index}`);
    const points = await counted([
      ...many.map(
        (made) => [start({ method: made, protocolVersion: made, target: null }), refused('unknown_method')] as const,
      ),
      ...many.map((toolName) => {
        const begun = start({ target: { kind: 'tool', name: toolName } }, undefined, { targetDeclared: false });
        return [begun, refused('unknown_tool')] as const;
      }),
      ...many.map((_, code) => [start(), outcome('error', code)] as const),
    ]);
    expect(JSON.stringify(points)).not.toContain('made-up');
    expect(points.length).toBeLessThan(70);
    expect(points).toContainEqual(
      expect.objectContaining({ attributes: expect.objectContaining({ 'gen_ai.tool.name': '_OTHER' }) }),
    );
  });

  it('has a bound also for a card with thousands of tools', async () => {
    const points = await counted(
      Array.from(
        { length: 1000 },
        (_, index) => [start({ target: { kind: 'tool', name: `tool-${index}` } }), ok] as const,
      ),
    );
    expect(points).toHaveLength(257);
  });

  it('goes to every provider, also when one of them is broken', async () => {
    const { provider, collect } = createMetricSdk();
    const broken = {
      getMeter: () => {
        throw new Error('broken');
      },
    };
    const telemetry = createTelemetry({ meterProvider: broken, additionalMeterProviders: [provider] });
    telemetry.startCall(start()).end(ok);
    expect((await collect())[name]?.points).toHaveLength(1);
  });

  it('is not made for the host with mode off, and still for the providers that were asked for', async () => {
    const [host, own] = [createMetricSdk(), createMetricSdk()];
    const options = { mode: 'off', meterProvider: host.provider } as const;
    createTelemetry(options).startCall(start()).end(ok);
    createTelemetry({ ...options, additionalMeterProviders: [own.provider] })
      .startCall(start())
      .end(ok);
    expect(await host.collect()).toEqual({});
    expect((await own.collect())[name]?.points).toHaveLength(1);
  });

  it('costs a look-up when nobody keeps it: the observation is the shared one that does nothing', () => {
    const telemetry = createTelemetry();
    expect(telemetry.startCall(start())).toBe(telemetry.startCall(start()));
  });
});
