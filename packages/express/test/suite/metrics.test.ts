import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryAuditLog, noopObserver, type ObserverEvent } from '@sallyport/core';
import type { ConfigInput } from '@sallyport/config';
import express, { type Express } from 'express';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { McpServer } from '@modelcontextprotocol/server';
import { createSallyport as openSallyport, statelessHandler, type Sallyport } from '../../src/index.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { modern, send, type SendOptions } from '../support/http.ts';

function buildServer(): McpServer {
  const server = new McpServer({ name: 'test', version: '1' });
  server.registerTool('whoami', {}, () => ({ content: [] }));
  return server;
}

async function listenAt(app: Express): Promise<string> {
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.close() && undefined);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

function urlOf(guarded: Guarded): string {
  return String(guarded.logged.find(({ event }) => event === 'sallyport.metrics.listening')?.['url']);
}

describe('the metrics of a suite', () => {
  it('are served on a listener of its own, and the log says where', async () => {
    const guarded = await openGuarded({ config: { telemetry: { prometheus: { port: 0 } } } });
    const url = await guarded.serveHandler(statelessHandler(buildServer));
    await send(url, modern(await guarded.token(), 'tools/call', { name: 'whoami' }));
    const text = await textOf(urlOf(guarded));
    expect(text).toContain(
      'mcp_server_operation_duration_seconds_count{mcp_method_name="tools/call",gen_ai_tool_name="whoami"',
    );
    expect(text).toContain('sallyport_ready 1');
    expect(text).toContain('sallyport_requests_active 0');
    await guarded.close();
    await expect(textOf(urlOf(guarded))).rejects.toThrow();
  });

  it('can be mounted where a host wants them', async () => {
    const guarded = await openGuarded();
    const { config } = guarded.suite;
    const admin = express();
    const suite = await documented(admin, {
      resource: config.resource,
      issuers: [{ issuer: guarded.idp.issuer }],
      card: config.card,
      dangerouslyAllowInsecureIssuers: true,
    });
    expect(await textOf(`${await listenAt(admin)}/metrics`)).toContain('sallyport_enforcing 1');
    await suite.close();
    await guarded.close();
  });

  it('are nowhere unless the configuration says so: the handler passes every request on', async () => {
    const guarded = await openGuarded();
    const app = express();
    app.get('/metrics', guarded.suite.metrics);
    expect((await fetch(`${await listenAt(app)}/metrics`)).status).toBe(404);
    expect(guarded.logged.some(({ event }) => event === 'sallyport.metrics.listening')).toBe(false);
    await guarded.close();
  });

  it('need the telemetry of the suite: an observer given in code is a start error', async () => {
    const opening = openGuarded({ config: { telemetry: { prometheus: {} } }, observer: noopObserver });
    await expect(opening).rejects.toThrow(
      /telemetry\.prometheus: an observer was given in code.*ERR_TELEMETRY_PROMETHEUS/,
    );
  });

  it('leave no listener behind when the start fails later', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await new Promise((resolve) => taken.close(resolve));
    const opening = openGuarded({ config: { telemetry: { prometheus: { port } }, card: './missing.json' } });
    await expect(opening).rejects.toThrow(/ERR_CARD_UNREADABLE/);
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  });
});

describe('an observer', () => {
  it('is told what was said of every credential', async () => {
    const events: ObserverEvent[] = [];
    const observer = { ...noopObserver, emit: (event: ObserverEvent) => void events.push(event) };
    const guarded = await openGuarded({ observer, config: { publicMethods: ['server/discover'] } });
    const url = await guarded.serveHandler(statelessHandler(buildServer));
    await send(url, modern(await guarded.token(), 'tools/call', { name: 'whoami' }));
    await send(url, modern('not-a-token', 'tools/call', { name: 'whoami' }));
    const anonymous = (method: string): SendOptions => {
      const { headers = {}, ...rest } = modern('', method, { name: 'whoami' });
      return {
        ...rest,
        headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization')),
      };
    };
    await send(url, anonymous('tools/call'));
    await send(url, anonymous('server/discover'));
    await guarded.close();
    expect(events.filter(({ type }) => type === 'identity.decided')).toEqual([
      { type: 'identity.decided', effect: 'allow' },
      { type: 'identity.decided', effect: 'deny', reason: 'malformed_token' },
      { type: 'identity.decided', effect: 'deny', reason: 'no_token' },
    ]);
  });
});

/** As in the documentation, with a log in memory and without an operational one. */
async function documented(admin: Express, config: ConfigInput): Promise<Sallyport> {
  const createSallyport = (source: ConfigInput): Promise<Sallyport> =>
    openSallyport(source, { log: pino({ level: 'silent' }), audit: createMemoryAuditLog() });
  //#region mount
  const suite = await createSallyport({ ...config, telemetry: { prometheus: { listen: false } } });
  admin.get('/metrics', suite.metrics);
  //#endregion
  return suite;
}
