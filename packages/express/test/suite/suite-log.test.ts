import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { OperationalLogger } from '@sallyport/core';
import { afterEach, describe, expect, it } from 'vitest';
import { mount, type Readiness } from '../../src/index.ts';
import { loggedReadiness } from '../../src/suite/suite-log.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send } from '../support/http.ts';
import { until } from '../support/until.ts';

let guarded: Guarded | undefined;
afterEach(async () => {
  await guarded?.close();
  guarded = undefined;
  trace.disable();
  context.disable();
});

const exporter = new InMemorySpanExporter();
const failing = mount(() => {
  throw new Error('the note of note-4711 is gone');
});

async function logOfFailedCall(): Promise<{ readonly lines: readonly object[]; readonly sent: Guarded }> {
  const opened = await openGuarded();
  guarded = opened;
  const url = await opened.serveHandler(failing);
  await send(url, modern(await opened.token(), 'tools/call', { name: 'read-note', arguments: { id: 'note-4711' } }));
  const found = (): readonly object[] => opened.logged.filter(({ event }) => event === 'sallyport.call.handler_failed');
  await until(() => found().length > 0, 'the line is written');
  return { lines: found(), sent: opened };
}

describe('a line about a call', () => {
  it('has the id of its records and the ids of its span, in a log of the host too', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    const { lines, sent } = await logOfFailedCall();
    const record = sent.records.find(({ type }) => type === 'mcp.decision');
    expect(lines).toMatchObject([
      {
        call: record?.call,
        trace_id: record?.trace?.traceId,
        span_id: record?.trace?.spanId,
        trace_flags: '01',
        error: 'Error: the message is hidden: it repeats an argument of the call',
        stack: expect.stringContaining('suite-log.test.ts'),
      },
    ]);
  });

  it('has no ids of a trace where the host has no OpenTelemetry', async () => {
    const { lines } = await logOfFailedCall();
    expect(Object.keys(lines[0] ?? {}).filter((name) => /trace|span/.test(name))).toEqual([]);
  });
});

describe('the log of a suite', () => {
  it('begins with what is guarded and ends when it is closed', async () => {
    guarded = await openGuarded();
    await guarded.close();
    const events = guarded.logged.map(({ event }) => event);
    expect(events.filter((event) => event === 'sallyport.started')).toHaveLength(1);
    expect(events.filter((event) => event === 'sallyport.stopped')).toEqual([events.at(-1)]);
  });

  it('says when the suite becomes ready or unready, once each time, and not that it is closing', () => {
    const events: object[] = [];
    const say = (fields: object): void => void events.push(fields);
    const log: OperationalLogger = { info: say, warn: say, error: say };
    let ok = true;
    let closing = false;
    const read = (): Readiness => ({
      ready: ok && !closing,
      enforcement: 'enforce',
      checks: {
        audit: { ok, ...(!ok && { problem: 'ENOSPC' }) },
        issuers: [{ issuer: 'https://a', ok }],
        revocations: { ok: true },
        closing,
      },
    });
    const readiness = loggedReadiness(log, read);
    readiness();
    readiness();
    ok = false;
    readiness();
    readiness();
    ok = true;
    readiness();
    closing = true;
    expect(readiness().ready).toBe(false);
    expect(events).toEqual([
      { event: 'sallyport.ready' },
      { event: 'sallyport.unready', problems: ['audit: ENOSPC', 'https://a: not ready yet'] },
      { event: 'sallyport.ready' },
    ]);
  });
});
