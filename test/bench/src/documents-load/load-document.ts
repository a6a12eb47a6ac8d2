import { Client, type Dispatcher } from 'undici';

import type { DocumentOrder, DocumentResult } from '../documents/protocol.ts';

/** An answer that takes longer than this is a wrong one. */
const timeoutMs = 10_000;

/** Asks for one document over a number of connections, one request at a time on each, until the time is over. Looks at every answer. */
export async function loadDocument(order: DocumentOrder): Promise<DocumentResult> {
  const { origin, connections, durationMs } = order;
  const clients = Array.from(
    { length: connections },
    () => new Client(origin, { headersTimeout: timeoutMs, bodyTimeout: timeoutMs }),
  );
  const latencies: number[] = [];
  let wrong: string | undefined;
  const start = performance.now();
  const end = start + durationMs;
  const askUntilEnd = async (client: Client): Promise<void> => {
    for (let sentAt = performance.now(); sentAt < end && wrong === undefined; sentAt = performance.now()) {
      const problem = await ask(client, order);
      latencies.push(performance.now() - sentAt);
      wrong ??= problem;
    }
  };
  await Promise.all(clients.map(askUntilEnd));
  const elapsedMs = performance.now() - start;
  await Promise.all(clients.map((client) => client.close()));
  latencies.sort((a, b) => a - b);
  const quantile = (share: number): number => Math.round((latencies[Math.floor(share * latencies.length)] ?? 0) * 1000);
  return {
    calls: latencies.length,
    elapsedMs,
    p50Micros: quantile(0.5),
    p99Micros: quantile(0.99),
    ...(wrong === undefined ? {} : { wrong }),
  };
}

function ask(client: Client, { path, etag, status, bytes }: DocumentOrder): Promise<string | undefined> {
  const headers = etag === undefined ? {} : { 'if-none-match': etag };
  return new Promise((resolve) => {
    let seen = 0;
    let length = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, statusCode) => void (seen = statusCode),
      onResponseData: (_controller, chunk) => void (length += chunk.length),
      onResponseEnd: () =>
        resolve(seen === status && length === bytes ? undefined : `answered ${seen} with ${length} bytes`),
      onResponseError: (_controller, error) => resolve(error.message),
    };
    client.dispatch({ path, method: 'GET', headers }, handler);
  });
}
