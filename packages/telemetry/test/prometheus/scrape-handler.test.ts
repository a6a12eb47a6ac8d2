import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { createScrapeHandler } from '../../src/prometheus/scrape-handler.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(collect: () => Promise<string>): Promise<string> {
  server = createServer(createScrapeHandler(collect));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('scrapes that come at the same time share one collection, and later ones do not', async () => {
  const waiting: ((text: string) => void)[] = [];
  const collect = vi.fn(() => new Promise<string>((resolve) => waiting.push(resolve)));
  const url = await serve(collect);
  let arrived = 0;
  server?.on('request', () => (arrived += 1));
  const answers = Promise.all(Array.from({ length: 8 }, async () => (await fetch(url)).text()));
  await vi.waitFor(() => expect(arrived).toBe(8));
  expect(collect).toHaveBeenCalledTimes(1);
  waiting[0]?.('up 1\n');
  expect(new Set(await answers)).toEqual(new Set(['up 1\n']));
  const later = fetch(url);
  await vi.waitFor(() => expect(collect).toHaveBeenCalledTimes(2));
  waiting[1]?.('up 2\n');
  expect(await (await later).text()).toBe('up 2\n');
});

test('a collection that fails is a 500 that says nothing, and the next scrape tries again', async () => {
  let fails = true;
  const url = await serve(() => (fails ? Promise.reject(new Error('secret')) : Promise.resolve('up 1\n')));
  const failed = await fetch(url);
  expect([failed.status, await failed.text()]).toEqual([500, 'The metrics could not be collected.\n']);
  fails = false;
  expect((await fetch(url)).status).toBe(200);
});
