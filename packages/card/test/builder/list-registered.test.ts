import {
  McpServer,
  ResourceTemplate,
  Server,
  type JSONRPCMessage,
  type JSONRPCResultResponse,
  type McpServerFactory,
  type Transport,
} from '@modelcontextprotocol/server';
import { describe, expect, it } from 'vitest';
import { listRegistered } from '../../src/index.ts';
import { setupErrorOf } from '../support/setup-error-of.ts';

const info = { name: 'test', version: '1.0.0' };

function notesServer(): McpServer {
  const server = new McpServer(info);
  server.registerTool('read-note', {}, () => ({ content: [] }));
  server.registerTool('unlisted', {}, () => ({ content: [] }));
  server.registerResource('config', 'config:///server', {}, () => ({ contents: [] }));
  const template = new ResourceTemplate('note:///{id}', {
    list: () => ({ resources: [{ uri: 'note:///1', name: 'one' }] }),
  });
  server.registerResource('note', template, {}, () => ({ contents: [] }));
  server.registerPrompt('summarize', {}, () => ({ messages: [] }));
  return server;
}

/** A low-level server that answers `tools/list` with this function. */
function toolServer(answer: (cursor: string | undefined) => unknown): Server {
  const server = new Server(info, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', (request) => answer(request.params?.cursor) as { tools: [] });
  return server;
}

describe('listRegistered', () => {
  it('lists tools, resources, templates and prompts of a real server', async () => {
    expect(await listRegistered(notesServer)).toEqual({
      tools: ['read-note', 'unlisted'],
      resources: ['config:///server', 'note:///1'],
      resourceTemplates: ['note:///{id}'],
      prompts: ['summarize'],
    });
  });

  it('takes capabilities that a server lacks for empty', async () => {
    expect(await listRegistered(() => new McpServer(info))).toEqual({
      tools: [],
      resources: [],
      resourceTemplates: [],
      prompts: [],
    });
  });

  it('takes a list method that a server lacks for empty', async () => {
    const server = (): Server => new Server(info, { capabilities: { resources: {}, tools: {} } });
    expect((await listRegistered(server)).resources).toEqual([]);
  });

  it('follows all pages', async () => {
    const pages = new Map<string | undefined, unknown>([
      [undefined, { tools: [tool('a')], nextCursor: '1' }],
      ['1', { tools: [tool('b')], nextCursor: '2' }],
      ['2', { tools: [tool('c')] }],
    ]);
    expect((await listRegistered(() => toolServer((cursor) => pages.get(cursor)))).tools).toEqual(['a', 'b', 'c']);
  });

  it('builds a server for each era and joins what they register', async () => {
    const build: McpServerFactory = ({ era }) => {
      const server = new McpServer(info);
      server.registerTool('both', {}, () => ({ content: [] }));
      server.registerTool(`${era}-only`, {}, () => ({ content: [] }));
      return Promise.resolve(server);
    };
    expect((await listRegistered(build)).tools).toEqual(['both', 'modern-only', 'legacy-only']);
  });

  it('closes the servers it built, also after a failure', async () => {
    let closed = 0;
    const build = (server: McpServer | Server): McpServer | Server => {
      const close = server.close.bind(server);
      return Object.assign(server, { close: () => close().then(() => (closed += 1)) });
    };
    await listRegistered(() => build(notesServer()));
    expect(closed).toBe(2);
    await setupErrorOf(listRegistered(() => build(toolServer(() => Promise.reject(new Error('no'))))));
    expect(closed).toBe(3);
  });

  it('answers what the server asks of its client as unknown, and goes on', async () => {
    const server = new Server(info, { capabilities: { tools: {} } });
    server.setRequestHandler('tools/list', async () => {
      const answer = await server.ping().then(
        () => 'answered',
        () => 'refused',
      );
      return { tools: [tool(answer)] };
    });
    const tools = await listRegistered(() => server).then(
      (registered) => registered.tools,
      (error: unknown) => [String(error)],
    );
    expect(tools).toEqual(['refused']);
  });

  it.each<[string, McpServerFactory, string]>([
    ['can not be built', () => Promise.reject(new Error('no database\nat all')), String.raw`no database\u000aat all`],
    ['throws while it is built', thrower, 'out of order'],
    ['answers with an error', () => toolServer(() => Promise.reject(new Error('broken'))), 'broken'],
    ['lists no list', lowLevel({ tools: {} }), 'tools/list answers without a list of tools'],
    ['lists a tool without a name', lowLevel({ tools: [{ title: 'a' }] }), 'tools/list lists an entry without name'],
    ['lists what is no tool', lowLevel({ tools: ['a'] }), 'tools/list lists an entry without name'],
    ['closes the connection', closing, 'the server closed the connection'],
    [
      'turns in a circle',
      () => toolServer(() => ({ tools: [tool('a')], nextCursor: 'again' })),
      'does not come to an end',
    ],
  ])('throws ERR_CARD_DRIFT when the server %s', async (_, build, problem) => {
    const error = await setupErrorOf(listRegistered(build));
    expect(error.code).toBe('ERR_CARD_DRIFT');
    expect(error.message).toContain(problem);
  });

  it('throws ERR_CARD_DRIFT when the server does not answer in time', async () => {
    const error = await setupErrorOf(
      listRegistered(() => toolServer(() => new Promise(() => undefined)), { timeoutMs: 20 }),
    );
    expect(error.message).toContain('did not answer within 20 ms');
  });
});

function tool(name: string): { name: string; inputSchema: { type: 'object' } } {
  return { name, inputSchema: { type: 'object' } };
}

function thrower(): never {
  throw new Error('out of order');
}

/** A server of somebody else's making that answers every request but the handshake with this result. */
function lowLevel(result: unknown): McpServerFactory {
  return () => fakeServer((method) => (method === 'initialize' ? { capabilities: { tools: {} } } : result));
}

function closing(): Server {
  return fakeServer((_, transport) => void transport.close());
}

function fakeServer(answer: (method: string, transport: Transport) => unknown): Server {
  return Object.assign(new Server(info), {
    connect: (transport: Transport) => {
      const onmessage = (message: JSONRPCMessage): void => {
        if (!('method' in message) || !('id' in message)) return;
        const result = answer(message.method, transport) as JSONRPCResultResponse['result'];
        void transport.send({ jsonrpc: '2.0', id: message.id, result });
      };
      Object.assign(transport, { onmessage });
      return transport.start();
    },
  });
}
