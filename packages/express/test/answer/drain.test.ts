import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { discardBody } from '../../src/answer/drain.ts';
import { guardServer } from '../../src/server/guard-server.ts';
import { until } from '../support/until.ts';

let server: Server | undefined;
let socket: Socket | undefined;
afterEach(() => {
  socket?.destroy();
  server?.closeAllConnections();
  server?.close();
});

/** Refuses every request without reading it, and gives what the client hears. */
async function open(): Promise<{ heard(): string; closed(): boolean; say(text: string): void }> {
  server = createServer((req, res) => {
    discardBody(req, res);
    res.statusCode = 401;
    res.end('no');
  });
  guardServer(server);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket = client;
  let heard = '';
  let closed = false;
  client.setEncoding('latin1').on('data', (text: string) => (heard += text));
  client.on('error', () => undefined).on('close', () => (closed = true));
  return { heard: () => heard, closed: () => closed, say: (text) => void client.write(text) };
}

const head = (...lines: string[]): string => ['POST / HTTP/1.1', 'Host: x', ...lines, '', ''].join('\r\n');
const answers = (heard: string): number => heard.split('HTTP/1.1 401').length - 1;

describe('discardBody', () => {
  it.each([
    ['no body', head()],
    ['an empty one', head('Content-Length: 0')],
    ['a body that is there already', `${head('Content-Length: 5')}hello`],
    ['a body of 64 KiB', head('Content-Length: 65536') + 'x'.repeat(65_536)],
  ])('keeps the connection after %s', async (_name, request) => {
    const { heard, say } = await open();
    say(request);
    await until(() => answers(heard()) === 1, 'the first answer is there');
    expect(heard()).not.toContain('Connection: close');
    say(request);
    await until(() => answers(heard()) === 2, 'the second answer is there');
  });

  it('drains a small body that comes after the answer', async () => {
    const { heard, say } = await open();
    say(head('Content-Length: 5'));
    await until(() => answers(heard()) === 1, 'the first answer is there');
    say(`hello${head()}`);
    await until(() => answers(heard()) === 2, 'the second answer is there');
  });

  it.each([
    ['a body over 64 KiB', head('Content-Length: 65537')],
    ['a body of unknown length', `${head('Transfer-Encoding: chunked')}5\r\nhello\r\n`],
    ['a body whose sender waits to be asked', head('Content-Length: 5', 'Expect: 100-continue')],
  ])('closes the connection after %s', async (_name, request) => {
    const { heard, closed, say } = await open();
    say(request);
    await until(() => answers(heard()) === 1, 'the answer is there');
    expect(heard()).toContain('Connection: close');
    expect(heard()).not.toContain('100 Continue');
    await until(closed, 'the connection is closed');
    expect(answers(heard())).toBe(1);
  });

  it('takes a body that never ends for one second at most', async () => {
    const { heard, closed, say } = await open();
    say(head('Transfer-Encoding: chunked'));
    const sending = setInterval(() => say('5\r\nhello\r\n'), 5);
    await until(closed, 'the connection is closed');
    clearInterval(sending);
    expect(answers(heard())).toBe(1);
  });
});
