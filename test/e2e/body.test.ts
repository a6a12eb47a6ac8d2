import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectOneRecord, expectRefusal } from './support/expect-refusal.ts';
import { openGuard, type Guard } from './support/guard.ts';
import { legacy } from './support/mcp-request.ts';
import { openRaw, rawRequest, type RawConnection } from './support/raw-connection.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
let open: RawConnection[] = [];
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(async () => {
  for (const raw of open) raw.destroy();
  await guard.close();
});

function connection(): RawConnection {
  const raw = openRaw(guard.target.port);
  open = [...open, raw];
  return raw;
}

const body = String(legacy('tools/call', { name: 'echo', arguments: { text: 'hello' } }).body);

/** The head of a POST, with a good token unless another one is given. */
function head(lines: readonly string[], token: string | null = guard.good): { text: string; userAgent: string } {
  const userAgent = guard.userAgent();
  const always = ['Host: localhost', `User-Agent: ${userAgent}`, 'Accept: application/json, text/event-stream'];
  const own = lines.some((line) => line.startsWith('Content-Type')) ? [] : ['Content-Type: application/json'];
  const credential = token === null ? [] : [`Authorization: Bearer ${token}`];
  return { text: rawRequest('POST /mcp HTTP/1.1', [...always, ...own, ...credential, ...lines]), userAgent };
}

const framed = (bytes: number | string): string => `Content-Length: ${bytes}`;
const large = 5 * 1024 * 1024;

describe('a body that is not going to be read', () => {
  const rows: readonly [string, string, string | null, Parameters<typeof expectRefusal>[1]][] = [
    ['of a caller without a token', framed(large), null, 'no_token'],
    ['of unknown length, of a caller without a token', 'Transfer-Encoding: chunked', null, 'no_token'],
    ['over the limit, of a known caller', framed(large), 'good', 'too_large'],
    ['of 64 KiB and one byte', framed(65_537), null, 'no_token'],
  ];
  async function expectClosed([, line, token, reason]: (typeof rows)[number]): Promise<void> {
    const raw = connection();
    const { text, userAgent } = head([line], token === null ? null : guard.good);
    raw.write(text);
    expectRefusal(await raw.answer(), reason, 0, { headers: { connection: 'close' } });
    await raw.closed();
    await guard.expectNextAnswered();
    expectOneRecord(guard.target.records(), userAgent, reason);
  }

  // Together, because each connection is kept a second for its client to read the answer.
  verifies(
    'BODY-CLOSE',
    `ends with Connection: close and a closed socket: ${rows.map(([name]) => name).join('; ')}`,
    async () => {
      await Promise.all(rows.map(expectClosed));
    },
  );

  verifies('BODY-CLOSE', 'is not read though its client goes on sending: most of 64 MB never leaves it', async () => {
    const raw = connection();
    raw.write(head([framed(64 * 1024 * 1024)], null).text);
    raw.write(Buffer.alloc(64 * 1024 * 1024, 0x20));
    expectRefusal(await raw.answer(), 'no_token', 0, { headers: { connection: 'close' } });
    await raw.closed();
    expect(raw.socket.writableLength).toBeGreaterThan(32 * 1024 * 1024);
  });

  verifies('BODY-CLOSE', 'of up to 64 KiB is drained, and the connection goes on', async () => {
    const raw = connection();
    raw.write(head([framed(65_536)], null).text);
    const answer = await raw.answer();
    expectRefusal(answer, 'no_token', 0);
    expect(answer.headers['connection']).not.toBe('close');
    raw.write(Buffer.alloc(65_536, 0x20));
    raw.write(head([framed(body.length)]).text + body);
    expect((await raw.answer()).status).toBe(200);
  });
});

const expecting = 'Expect: 100-continue';

describe('a client that waits for 100 Continue', () => {
  const refused: readonly [string, string[], string | null, Parameters<typeof expectRefusal>[1]][] = [
    ['without a token', [framed(body.length)], null, 'no_token'],
    ['with a bad token', [framed(body.length)], 'bad', 'malformed_token'],
    ['with two tokens', [framed(body.length), 'Authorization: Bearer x'], 'good', 'malformed_request'],
    ['from another origin', [framed(body.length), 'Origin: http://evil.example'], 'good', 'origin_refused'],
    ['for a body over the limit', [framed(large)], 'good', 'too_large'],
    ['for a body that is no JSON', [framed(body.length), 'Content-Type: text/plain'], 'good', 'bad_content_type'],
  ];
  for (const [name, lines, token, reason] of refused) {
    verifies('BODY-EXPECT', `is refused at once ${name} (F-87)`, async () => {
      const raw = connection();
      const { text, userAgent } = head([expecting, ...lines], token === 'good' ? guard.good : token);
      raw.write(text);
      expectRefusal(await raw.answer(), reason, 0, { headers: { connection: 'close' } });
      await guard.expectNextAnswered();
      expectOneRecord(guard.target.records(), userAgent, reason);
      raw.destroy();
    });
  }

  verifies('BODY-EXPECT', 'with a good token gets 100 and then its answer', async () => {
    const before = guard.target.effects().length;
    const raw = connection();
    raw.write(head([expecting, framed(body.length)]).text);
    expect((await raw.answer()).status).toBe(100);
    expect(guard.target.effects()).toHaveLength(before);
    raw.write(body);
    expect((await raw.answer()).status).toBe(200);
    // The connection can be used again, with and without waiting.
    raw.write(head([framed(body.length)]).text + body);
    expect((await raw.answer()).status).toBe(200);
    raw.write(head([expecting, framed(body.length)]).text + body);
    const next = await raw.answer();
    expect((next.status === 100 ? await raw.answer() : next).status).toBe(200);
    expect(guard.target.effects()).toHaveLength(before + 3);
  });
});

const half = body.slice(0, 40);

const cuts: readonly [string, string, string][] = [
  ['in the middle of the JSON', framed(body.length), half],
  ['after the JSON, before its declared length', framed(body.length + 10), body],
  ['before its first byte', framed(body.length), ''],
  ['in the middle of a chunk', 'Transfer-Encoding: chunked', `${body.length.toString(16)}\r\n${half}`],
  ['without the last chunk', 'Transfer-Encoding: chunked', `${body.length.toString(16)}\r\n${body}\r\n`],
];

describe('a body that ends early', () => {
  for (const end of ['the client closes its side', 'the connection is reset'] as const) {
    for (const [where, line, sent] of cuts) {
      verifies(
        ['BODY-INCOMPLETE', 'WALK-00-STATUS-RECORDED'],
        `runs nothing and leaves one record when ${end} ${where}`,
        async () => {
          const before = guard.target.effects().length;
          const raw = connection();
          const { text, userAgent } = head([line]);
          raw.write(text + sent);
          await delay(20);
          if (end === 'the connection is reset') raw.socket.resetAndDestroy();
          else raw.socket.end();
          const record = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
          expect(record).toMatchObject({ type: 'request.refused', decision: { reason: 'body_incomplete' } });
          // Nobody was there to be answered.
          if (end === 'the connection is reset') expect(record.decision).not.toHaveProperty('httpStatus');
          await guard.expectNextAnswered();
          expect(guard.target.effects()).toHaveLength(before + 1);
          expect(guard.target.records().filter(({ source }) => source?.userAgent === userAgent)).toEqual([record]);
        },
      );
    }
  }

  verifies('BODY-INCOMPLETE', 'because its chunks are broken runs nothing', async () => {
    const before = guard.target.effects().length;
    const raw = connection();
    const { text, userAgent } = head(['Transfer-Encoding: chunked']);
    raw.write(`${text}${body.length.toString(16)}\r\n${body}\r\nxyz\r\n`);
    const record = await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent);
    expect(record.decision?.reason).toBe('body_incomplete');
    await guard.expectNextAnswered();
    expect(guard.target.effects()).toHaveLength(before + 1);
  });
});

verifies(
  'BODY-INCOMPLETE',
  'a body that comes slowly keeps nobody else waiting, and is served when it is whole (F-87)',
  async () => {
    const raw = connection();
    raw.write(head([framed(body.length)]).text);
    for (let at = 0; at < body.length; at += 20) {
      raw.write(body.slice(at, at + 20));
      await guard.expectNextAnswered();
    }
    expect((await raw.answer()).status).toBe(200);
  },
);

verifies('WALK-00-NO-SECRET', 'no token of these tests is in a record, a log line or an answer', () =>
  guard.expectClean(),
);
