import { request, type ClientRequest, type ServerResponse } from 'node:http';
import { McpServer, ResourceTemplate, type McpServerFactory } from '@modelcontextprotocol/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mount, statelessHandler, type StatelessHandler } from '../../src/index.ts';
import { event, sse } from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { legacy, modern, send, type SendOptions } from '../support/http.ts';
import { until } from '../support/until.ts';

let guarded: Guarded;
let observed: Guarded;
beforeAll(async () => {
  guarded = await openGuarded({ config: { legacy: 'handler' } });
  observed = await openGuarded({ config: { legacy: 'handler', enforcement: 'observe' } });
});
afterAll(() => Promise.all([guarded.close(), observed.close()]));

const clients: ClientRequest[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.destroy()));

/** An open stream and the methods of the notifications that came over it. */
interface Listening {
  readonly methods: () => string[];
  readonly text: () => string;
}

async function open(url: string, { method = 'POST', headers = {}, body }: SendOptions): Promise<Listening> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const client = request(url, { method, headers, agent: false }, (res) => {
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      resolve();
    });
    clients.push(client.on('error', reject));
    client.end(body);
  });
  return {
    text: () => text,
    methods: () =>
      [...text.matchAll(/"method":"notifications\/(?<name>[^"]+)"/g)].map((one) => one.groups?.['name'] ?? ''),
  };
}

const buildServer: McpServerFactory = () => {
  const server = new McpServer(
    { name: 'test', version: '1' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
      },
    },
  );
  server.registerTool('whoami', {}, () => ({ content: [] }));
  server.registerPrompt('summarize', {}, () => ({ messages: [] }));
  server.registerResource('note', new ResourceTemplate('note:///{id}', { list: undefined }), {}, (uri) => ({
    contents: [{ uri: uri.href, text: 'a note' }],
  }));
  return server;
};

const all = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };

describe('subscriptions/listen', () => {
  async function listenAs(on: Guarded, scopes: string[], wanted: object): Promise<[StatelessHandler, Listening]> {
    const handler = statelessHandler(buildServer);
    const url = await on.serveHandler(handler);
    const listening = await open(
      url,
      modern(await on.token(scopes), 'subscriptions/listen', { notifications: wanted }),
    );
    await until(() => listening.text().includes('acknowledged'), 'it is acknowledged');
    return [handler, listening];
  }

  function publishAll({ notify }: StatelessHandler): void {
    notify.promptsChanged();
    notify.resourcesChanged();
    notify.toolsChanged();
  }

  // @verifies EDGE-CHANGES-WITHHELD
  it('tells of changes only in lists in which the caller sees something', async () => {
    const [handler, listening] = await listenAs(guarded, [], all);
    publishAll(handler);
    await until(() => listening.methods().includes('tools/list_changed'), 'the last change arrives');
    expect(listening.methods()).toEqual(['subscriptions/acknowledged', 'tools/list_changed']);
  });

  it('tells whoever sees something in every list of every change', async () => {
    const [handler, listening] = await listenAs(guarded, ['notes:read'], all);
    publishAll(handler);
    await until(() => listening.methods().length === 4, 'all changes arrive');
  });

  // @verifies EDGE-CHANGES-WITHHELD
  it('tells of updates of what the caller may read, and is refused for anything else (F-57)', async () => {
    const [handler, listening] = await listenAs(guarded, ['notes:read'], { resourceSubscriptions: ['note:///1'] });
    handler.notify.resourceUpdated('note:///1');
    await until(() => listening.methods().includes('resources/updated'), 'the update arrives');
    const url = await guarded.serveHandler(handler);
    const filter = { notifications: { resourceSubscriptions: ['note:///1'] } };
    expect((await send(url, modern(await guarded.token([]), 'subscriptions/listen', filter))).status).toBe(403);
  });

  it('in observe mode tells of everything', async () => {
    const [handler, listening] = await listenAs(observed, [], { ...all, resourceSubscriptions: ['note:///1'] });
    publishAll(handler);
    handler.notify.resourceUpdated('note:///1');
    await until(() => listening.methods().length === 5, 'everything arrives');
  });
});

const note = (method: string, params?: object): string =>
  JSON.stringify({ jsonrpc: '2.0', method: `notifications/${method}`, ...(params && { params }) });
const updated = (uri: string): string => note('resources/updated', { uri });

/** What a server says that asks nobody whom it concerns: a wrong filter, a replay, a batch. */
const everything: readonly string[] = [
  updated('note:///1'),
  updated('file:///etc/passwd'),
  note('prompts/list_changed'),
  note('tools/list_changed'),
  `[${note('progress', { progress: 1 })},${updated('file:///etc/shadow')}]`,
  `[${updated('file:///a')},${updated('file:///b')}]`,
  note('message', { level: 'info', data: 'done' }),
];

describe.each<[string, (token: string) => SendOptions]>([
  ['GET', (token) => ({ method: 'GET', headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' } })],
  ['the stream of a call', (token) => legacy(token, 'tools/call', { name: 'whoami', arguments: {} })],
])('%s', (_name, ask) => {
  const handler = mount((_req, res: ServerResponse) => {
    res.writeHead(200, sse);
    everything.forEach((text, index) => res.write(`id: ${index}\n${event(text)}`));
    res.end(event(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [] } })));
  });
  const read = async (on: Guarded, scopes: string[]): Promise<string> =>
    (await send(await on.serveHandler(handler), ask(await on.token(scopes)))).text;

  // @verifies EDGE-CHANGES-WITHHELD
  it('holds back what does not concern its reader, with the id of the event', async () => {
    const text = await read(guarded, ['notes:read']);
    expect(text).not.toContain('file:');
    expect(text).not.toMatch(/^id: [15]$/m);
    expect(text).toContain('note:///1');
    expect(text).toContain(`id: 4\ndata: [${note('progress', { progress: 1 })}]\n\n`);
    expect(text).toContain('prompts/list_changed');
    expect(text).toContain('"done"');

    const poor = await read(guarded, []);
    expect(poor).not.toContain('note:');
    expect(poor).not.toContain('prompts');
    expect(poor).toContain('tools/list_changed');
  });

  it('in observe mode says everything', async () => {
    const text = await read(observed, []);
    for (const said of everything) expect(text).toContain(event(said));
  });
});

it('an answer that is nothing but a notification for others is withheld', async () => {
  const url = await guarded.serveHandler(
    mount((_req, res: ServerResponse) => {
      res.writeHead(200, { 'content-type': 'application/json' }).end(updated('file:///etc/passwd'));
    }),
  );
  const answer = await send(url, legacy(await guarded.token([]), 'ping'));
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain('file:');
});
