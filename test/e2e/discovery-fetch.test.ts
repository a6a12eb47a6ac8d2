import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { fetchServerCard, type FetchedServerCard } from '@sallyport/card';
import { createMemoryKeyValueStore, type DocumentFetcher, type KeyValueStore } from '@sallyport/core';
import { createDocumentFetcher } from '@sallyport/token';
import { afterAll, beforeAll, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
});
afterAll(() => guard.close());

const fetchDocument = createDocumentFetcher({ dangerouslyAllowInsecureLoopback: true });
const command = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));

function find(
  source: string,
  fetcher: DocumentFetcher = fetchDocument,
  cache?: KeyValueStore,
): Promise<FetchedServerCard> {
  return fetchServerCard(source, { fetchDocument: fetcher, cache });
}

verifies('FETCH-FINDS', 'the card by its URL, by its endpoint and by the domain', async () => {
  const { origin, url } = guard.target;
  const byUrl = await find(`${origin}/.well-known/mcp/server-card.json`);
  expect(byUrl).toMatchObject({ via: 'url', card: { name: 'dev.sallyport/target' }, findings: [] });
  // The catalog names the configured resource, and this process has another port.
  const byEndpoint = await find(url);
  expect(byEndpoint).toMatchObject({ via: 'endpoint', url: `${url}/server-card` });
  expect(byEndpoint.findings.map(({ finding }) => finding)).toEqual(['other-endpoint']);
  const byDomain = await find(origin, (asked, request) => fetchDocument(new URL(asked.pathname, origin), request));
  expect(byDomain).toMatchObject({ via: 'ai-catalog', url: 'http://127.0.0.1:8080/mcp/server-card', etag: byUrl.etag });
  expect(byDomain.card?.document).toEqual(byUrl.card?.document);
  expect(JSON.stringify(byUrl)).not.toContain('purge-notes');
});

verifies('FETCH-REVALIDATES', 'the card is 304 to who has it', async () => {
  const statuses: number[] = [];
  const counted: DocumentFetcher = async (url, request) => {
    const document = await fetchDocument(url, request);
    statuses.push(document.status);
    return document;
  };
  const cache = createMemoryKeyValueStore({ maxEntries: 10 });
  const source = `${guard.target.origin}/.well-known/mcp/server-card.json`;
  const first = await find(source, counted, cache);
  expect(await find(source, counted, cache)).toEqual(first);
  expect(statuses).toEqual([200, 304]);
});

verifies('FETCH-COMPARES', 'the command compares the card with server/discover, for callers with a token', async () => {
  const token = await guard.token({ subject: 'reader', scopes: ['notes:read'] });
  const file = path.join(guard.target.folder, 'token.txt');
  writeFileSync(file, token);
  const args = [
    'card',
    'fetch',
    `${guard.target.origin}/.well-known/mcp/server-card.json`,
    '--allow-insecure',
    '--json',
  ];
  const run = async (more: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
    const child = spawn(process.execPath, [command, ...args, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    return { code, stdout, stderr };
  };
  const asked = await run(['--endpoint', guard.target.url, '--token-file', file]);
  // Only the port differs: that the card names another endpoint is what it says.
  expect(asked.code).toBe(1);
  expect(asked.stdout).toContain('"finding":"endpoint"');
  for (const agreed of ['name', 'version', 'transport', 'versions'])
    expect(asked.stdout).not.toContain(`"finding":"${agreed}"`);
  expect(asked.stdout + asked.stderr).not.toContain(token);
  const without = await run(['--endpoint', guard.target.url]);
  expect(without.code).toBe(0);
  expect(without.stdout).toContain('HTTP 401');
});
