import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cardOf, cardServer, sendCard } from '../../support/card-server.ts';
import { localServer } from '../../support/local-server.ts';
import { runBuilt } from '../../support/run.ts';

const golden = fileURLToPath(new URL('../../golden/', import.meta.url));

const lists = { tools: [{ name: 'read' }, { name: 'write' }], scopes: [{ name: 'notes:read' }] };

/** A server whose card is right. */
async function right(): Promise<string> {
  const { endpoint } = await cardServer({
    card: (url) => cardOf(url, { title: 'Notes', ...lists }),
    discover: { serverInfo: { name: 'notes', version: '1.2.3', title: 'Notes' }, supportedVersions: ['2026-07-28'] },
    tools: ['read', 'write'],
  });
  return endpoint;
}

/** A server whose card is of another version. */
async function contradicted(): Promise<string> {
  const { endpoint } = await cardServer({
    card: (url) => cardOf(url, lists),
    discover: { serverInfo: { name: 'notes', version: '2.0.0' }, supportedVersions: ['2026-07-28'] },
    tools: ['read', 'purge'],
  });
  return endpoint;
}

/** A domain whose catalog leads to a document with mistakes. */
async function wrong(): Promise<string> {
  let origin = '';
  origin = await localServer((req, res) => {
    if (req.url === '/.well-known/ai-catalog.json') {
      const entries = [{ type: 'application/mcp-server-card+json', url: `${origin}/notes/server-card` }];
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ specVersion: '1.0', entries }));
    } else if (req.url === '/notes/server-card') {
      sendCard(res, cardOf('ftp://x', { name: 'notes', version: '\u001b[31m' }));
    } else res.writeHead(404).end();
  });
  return origin;
}

/** A server without a card. */
function missing(): Promise<string> {
  return localServer((_req, res) => void res.writeHead(404).end());
}

const commands: readonly (readonly [name: string, source: () => Promise<string>, args: readonly string[]])[] = [
  ['card-fetch', right, []],
  ['card-fetch-json', right, ['--json']],
  ['card-fetch-contradicted', contradicted, []],
  ['card-fetch-wrong', wrong, []],
  ['card-fetch-missing', missing, []],
];

/** What a person sees, without what differs from run to run. */
async function transcript(
  source: () => Promise<string>,
  args: readonly string[],
  env: Record<string, string>,
): Promise<string> {
  const all = ['card', 'fetch', await source(), '--allow-insecure', ...args];
  const { code, stdout, stderr } = await runBuilt(all, { env });
  const streams = [
    ['stdout', stdout],
    ['stderr', stderr],
  ].filter(([, text]) => text !== '');
  const parts = [
    `$ sallyport ${all.join(' ')}`,
    ...streams.flatMap(([name = '', text = '']) => [`--- ${name}`, text.replace(/\n$/, '')]),
    `--- exit ${code}`,
    '',
  ];
  return parts.join('\n').replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>');
}

describe.each(commands)('%s', (name, source, args) => {
  it('prints for a pipe and for a terminal what it always printed, the same text with and without colours', async () => {
    const pipe = await transcript(source, args, {});
    expect(pipe).not.toContain('\u001B');
    await expect(pipe).toMatchFileSnapshot(join(golden, `${name}.pipe.txt`));
    const terminal = await transcript(source, args, { FORCE_COLOR: '1' });
    await expect(terminal).toMatchFileSnapshot(join(golden, `${name}.terminal.txt`));
    expect(terminal.replaceAll(/\u001B\[\d+m/g, '')).toBe(pipe);
  });
});
