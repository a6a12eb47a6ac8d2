import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import {
  errorText,
  event,
  expectOneOutcome,
  failed,
  json,
  ok,
  sse,
  type Expected,
  type Handler,
} from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern } from '../support/http.ts';
import { until } from '../support/until.ts';

let guarded: Guarded;
beforeAll(async () => {
  guarded = await openGuarded();
});
afterAll(() => guarded.close());

const throwing: readonly [string, Handler, Expected][] = [
  [
    'throws',
    () => {
      throw new Error('secret inside');
    },
    failed,
  ],
  ['rejects', () => Promise.reject(new Error('secret inside')), failed],
  [
    'throws after a part of its answer',
    (_req, res) => {
      res.writeHead(200, json).write('{"half":');
      throw new Error('secret inside');
    },
    failed,
  ],
  [
    'throws after its answer',
    (_req, res) => {
      res.writeHead(200, json).end(ok);
      throw new Error('too late');
    },
    { status: 200, text: ok, outcome: 'ok' },
  ],
  [
    'rejects after its answer was sent',
    async (_req, res) => {
      await new Promise<void>((resolve) => res.writeHead(200, json).end(ok, resolve));
      throw new Error('too late');
    },
    { status: 200, text: ok, outcome: 'ok' },
  ],
  [
    'throws in the middle of a stream',
    (_req, res) => {
      res.writeHead(200, sse).write(event('{"method":"x"}'));
      throw new Error('secret inside');
    },
    { status: 200, text: event('{"method":"x"}') + event(errorText), outcome: 'error' },
  ],
  [
    'throws after its stream has ended',
    (_req, res) => {
      res.writeHead(200, sse).end(event(ok));
      throw new Error('too late');
    },
    { status: 200, text: event(ok), outcome: 'ok' },
  ],
  [
    'rejects after its stream was sent',
    async (_req, res) => {
      await new Promise<void>((resolve) => res.writeHead(200, sse).end(event(ok), resolve));
      throw new Error('too late');
    },
    { status: 200, text: event(ok), outcome: 'ok' },
  ],
];

describe.each(throwing)('a handler that %s', (_name, handler, expected) => {
  // @verifies WALK-11-ONE-OUTCOME, REFUSAL-NO-INSIDE
  it(`has one decision and the one outcome ${expected.outcome}, and says nothing of what happened`, async () => {
    await expectOneOutcome(guarded, handler, expected);
  });
});

it('a client that leaves before a slow handler answers has the outcome disconnected', async () => {
  let finish = (): void => undefined;
  let started = false;
  const handler = mount((_req, res: ServerResponse) => {
    started = true;
    return new Promise<void>((resolve) => {
      finish = () => {
        res.writeHead(200, json).end(ok);
        resolve();
      };
    });
  });
  const url = await guarded.serveHandler(handler);
  const before = guarded.records.length;
  const leave = new AbortController();
  const request = modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} });
  const calling = fetch(url, { method: 'POST', ...(request as RequestInit), signal: leave.signal }).catch(
    () => undefined,
  );
  await until(() => started, 'the handler runs');
  leave.abort();
  await calling;
  const outcomes = (): unknown[] =>
    guarded.records.slice(before).flatMap(({ type, outcome }) => (type === 'mcp.outcome' ? [outcome?.status] : []));
  await until(() => outcomes().length > 0, 'there is an outcome');
  finish();
  await new Promise((resolve) => setImmediate(resolve));
  expect(outcomes()).toEqual(['disconnected']);
});
