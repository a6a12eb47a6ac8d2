import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'vitest';
import { mount } from '../../src/index.ts';
import type { Guarded } from './guarded.ts';
import { modern, send, type Answer } from './http.ts';
import { until } from './until.ts';

export type Handler = (req: IncomingMessage, res: ServerResponse) => unknown;

export const json = { 'content-type': 'application/json' };
export const sse = { 'content-type': 'text/event-stream' };
/** The answer to a call, as a handler writes it. */
export const result = (value: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, result: value });
export const ok: string = result({ content: [] });
export const event = (text: string): string => `data: ${text}\n\n`;

/** What a caller reads when a handler failed. */
export const errorText: string = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  error: {
    code: -32_603,
    message: 'Internal error.',
    data: {
      code: 'ERR_SERVER_INTERNAL_ERROR',
      doc: 'https://sallyport.dev/errors/ERR_SERVER_INTERNAL_ERROR',
    },
  },
});

/** What comes of one allowed call of a handler. */
export interface Expected {
  /** `undefined`: the connection ends without an answer. */
  readonly status: number | undefined;
  readonly text?: string;
  readonly outcome: string;
}

export const failed: Expected = { status: 500, text: errorText, outcome: 'error' };

/** Serves one allowed call with a mounted handler; `undefined` when the connection ended without an answer. */
export async function callHandler(guarded: Guarded, handler: Handler): Promise<Answer | undefined> {
  const url = await guarded.serveHandler(mount(handler));
  const request = modern(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} });
  return send(url, request).catch(() => undefined);
}

/** The same, and checks the answer and that there is one decision and one outcome. */
export async function expectOneOutcome(guarded: Guarded, handler: Handler, expected: Expected): Promise<void> {
  const before = guarded.records.length;
  const answer = await callHandler(guarded, handler);
  const left = (): typeof guarded.records => guarded.records.slice(before);
  await until(() => left().some(({ type }) => type === 'mcp.outcome'), 'there is an outcome');
  // What comes late comes now.
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(answer?.status).toBe(expected.status);
  if (expected.text !== undefined) expect(answer?.text).toBe(expected.text);
  expect(left().map(({ type, outcome }) => `${type} ${outcome?.status ?? ''}`)).toEqual([
    'mcp.decision ',
    `mcp.outcome ${expected.outcome}`,
  ]);
}
