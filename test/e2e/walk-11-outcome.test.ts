import type { AuditRecord } from '@sallyport/core';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { legacy, modern, send, streamMessages, type Answer, type SendOptions } from './support/mcp-request.ts';
import { openCall } from './support/open-call.ts';
import { startTarget, waitFor, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let idp: DevIdp;
let target: Target;
let token: string;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  target = await startTarget({ issuer: idp.issuer });
  token = await idp.mintToken({ subject: 'caller', scopes: ['echo:call', 'notes:read'] });
});
afterAll(async () => {
  await target.remove();
  await idp.close();
});

const eras = { modern, legacy };
type Era = keyof typeof eras;
const both: readonly Era[] = ['modern', 'legacy'];
let requests = 0;

/** A call with an id of its own, by which its records are found. */
function call(era: Era, name: string, args: object, meta: object = {}): SendOptions & { id: string } {
  const id = `outcome-${(requests += 1)}`;
  return { id, ...eras[era]('tools/call', { name, arguments: args, _meta: meta }, { token, id }) };
}

/** What is in the log about one request, when it has ended. */
async function recordsOf(id: string): Promise<AuditRecord[]> {
  const ended = await target.waitForRecord(({ type, mcp }) => type === 'mcp.outcome' && mcp?.requestId === id);
  // A second outcome would come late.
  expect((await send(target.url, call('modern', 'whoami', {}))).status).toBe(200);
  return target.records().filter(({ call: of }) => of === ended.call);
}

async function expectOutcome(id: string, outcome: object): Promise<void> {
  const records = await recordsOf(id);
  expect(records.map(({ type }) => type)).toEqual(['mcp.decision', 'mcp.outcome']);
  expect(records[0]?.decision?.effect).toBe('allow');
  expect(records[1]?.outcome).toMatchObject({ ...outcome, durationMs: expect.any(Number) as number });
  expect(records[1]?.outcome?.durationMs).toBeGreaterThanOrEqual(0);
  expect(records[1]).toMatchObject({ actor: records[0]?.actor as object, target: records[0]?.target as object });
}

const bytesOf = ({ text }: Answer): number => Buffer.byteLength(text);

const answered: readonly [string, string, object, string][] = [
  ['answers', 'echo', { text: 'héllo' }, 'ok'],
  ['answers isError', 'read-note', { id: 'none' }, 'tool_error'],
  ['throws', 'crash', { mode: 'throw' }, 'tool_error'],
];

describe('a tool that', () => {
  for (const [name, tool, args, status] of answered) {
    for (const era of both) {
      verifies(
        ['WALK-11-ONE-OUTCOME', 'WALK-11-TOOL-ERROR', 'G-01', 'G-18'],
        `${name} has the one outcome ${status}: ${era} (G-01, G-18)`,
        async () => {
          const request = call(era, tool, args);
          const answer = await send(target.url, request);
          expect(answer.status).toBe(200);
          await expectOutcome(request.id, { status, httpStatus: 200, bytes: bytesOf(answer) });
        },
      );
    }
  }
});

const errors = { legacy: { httpStatus: 200, status: 'error' }, modern: { httpStatus: 404, status: 'rejected' } };

verifies(
  ['WALK-11-TOOL-ERROR', 'G-18'],
  'a JSON-RPC error has the outcome error, and rejected when the server refused the request with it (G-18)',
  async () => {
    for (const era of both) {
      const id = `error-${era}`;
      // The guard allows what the card says of the prompt; the server has no completions.
      const params = { ref: { type: 'ref/prompt', name: 'summarize' }, argument: { name: 'topic', value: '' } };
      const answer = await send(target.url, eras[era]('completion/complete', params, { token, id }));
      expect(answer).toMatchObject({
        status: errors[era].httpStatus,
        text: expect.stringContaining('-32601') as string,
      });
      await expectOutcome(id, errors[era]);
    }
  },
);

describe('a call that streams', () => {
  for (const era of both) {
    verifies(
      ['WALK-11-STREAM', 'WALK-11-ONE-OUTCOME', 'G-15'],
      `has one outcome, after its last event: ${era} (G-15)`,
      async () => {
        const request = call(era, 'sleep', { ms: 200, progress: true }, { progressToken: 'p' });
        const stream = openCall(target.url, request);
        await stream.waitForText('notifications/progress');
        expect(
          target.records().filter(({ type, mcp }) => type === 'mcp.outcome' && mcp?.requestId === request.id),
        ).toEqual([]);
        expect(await stream.ended).toBe(200);
        const messages = streamMessages(stream.text());
        expect(messages.at(-1)?.result).toMatchObject({ content: [{ text: 'Slept 200 ms.' }] });
        await expectOutcome(request.id, {
          status: 'ok',
          httpStatus: 200,
          messages: messages.length - 1,
          bytes: Buffer.byteLength(stream.text()),
        });
      },
    );
  }
});

describe('a client that goes away', () => {
  for (const era of both) {
    for (const progress of [false, true]) {
      verifies(
        ['WALK-11-DISCONNECTED', 'G-14'],
        `${progress ? 'in the middle of a stream' : 'before an answer'} leaves the outcome disconnected: ${era} (G-14)`,
        async () => {
          const before = target.effects().length;
          const request = call(era, 'sleep', { ms: 600_000, progress }, { progressToken: 'p' });
          const open = openCall(target.url, request);
          await waitFor(() => target.effects()[before], 'the tool to run');
          open.leave();
          await expectOutcome(request.id, { status: 'disconnected' });
        },
      );
    }
  }

  verifies(
    ['WALK-11-DISCONNECTED', 'WALK-11-STREAM'],
    'after some events leaves their number and bytes in the record',
    async () => {
      const request = call('modern', 'sleep', { ms: 2_000, progress: true }, { progressToken: 'p' });
      const open = openCall(target.url, request);
      await open.waitForText('notifications/progress');
      open.leave();
      const [, outcome] = await recordsOf(request.id);
      expect(outcome?.outcome?.status).toBe('disconnected');
      expect(outcome?.outcome?.bytes).toBeGreaterThan(0);
    },
  );
});

verifies('WALK-11-REFUSAL-HAS-NONE', 'a refusal has one record and no outcome', async () => {
  const refused = [call('modern', 'write-note', {}), call('legacy', 'write-note', {}), call('modern', 'nope', {})];
  for (const request of refused) await send(target.url, request);
  await send(target.url, call('modern', 'whoami', {}));
  const ids = new Set(refused.map(({ id }) => id));
  const records = target.records().filter(({ mcp }) => ids.has(String(mcp?.requestId)));
  expect(records.map(({ type, decision }) => `${type} ${decision?.effect ?? ''}`)).toEqual(
    refused.map(() => 'mcp.decision deny'),
  );
});

verifies(
  'WALK-11-ONE-OUTCOME',
  'in the end every allowed call of these tests has exactly one outcome, and nothing else has one',
  async () => {
    await send(target.url, call('modern', 'whoami', {}));
    const records = target.records();
    const allows = records.filter(({ decision }) => decision?.effect === 'allow').map(({ call: of }) => String(of));
    const outcomes = records.filter(({ type }) => type === 'mcp.outcome').map(({ call: of }) => String(of));
    expect(new Set(allows).size).toBe(allows.length);
    expect(outcomes.toSorted()).toEqual(allows.toSorted());
  },
);

verifies(
  ['PROCESS-DRAIN', 'WALK-11-ONE-OUTCOME', 'G-21'],
  'on SIGTERM calls in flight end, streams too, and no record is lost (G-21)',
  async () => {
    const own = await startTarget({ issuer: idp.issuer });
    const plain = Array.from({ length: 20 }, (_, index) => call(both[index % 2] as Era, 'sleep', { ms: 400 }));
    const streams = both.map((era) => call(era, 'sleep', { ms: 400, progress: true }, { progressToken: 'p' }));
    const open = [...plain, ...streams].map((request) => openCall(own.url, request));
    await waitFor(() => own.effects()[open.length - 1], 'all calls to run');
    own.process.kill('SIGTERM');
    expect(await Promise.all(open.map(({ ended }) => ended))).toEqual(open.map(() => 200));
    for (const one of open) expect(one.text()).toContain('Slept 400 ms.');
    expect(await waitFor(() => own.process.exitCode ?? undefined, 'the end of the process')).toBe(0);
    const outcomes = own.records().flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome.status]));
    expect(outcomes).toEqual(open.map(() => 'ok'));
    expect(own.records().at(-1)).toMatchObject({ type: 'audit.stopped', detail: { open: 0 } });
    await own.remove();
  },
);
