import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createMemoryAuditLog,
  type AuditLog,
  type AuditRecord,
  type Observer,
  type RevocationList,
} from '@sallyport/core';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import express, { type Express, type RequestHandler } from 'express';
import { pino, type Logger } from 'pino';
import { createSallyport, type Sallyport } from '../../src/index.ts';

export const resource = 'http://127.0.0.1/mcp';

/** What the policy of these tests knows: a tool for any token, one with a scope, one with another, one that is hidden. */
const card = {
  $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
  name: 'dev.sallyport/express-test',
  description: 'The server of these tests',
  version: '1.0.0',
  _meta: {
    'dev.sallyport/access': {
      scopes: { 'notes:read': {}, 'notes:write': {}, 'notes:admin': {} },
      tools: {
        whoami: { scopes: [] },
        'read-note': { scopes: ['notes:read'] },
        'write-note': { scopes: ['notes:write'] },
        'purge-notes': { scopes: ['notes:admin'], disclosure: 'hide' },
      },
      resources: { 'note:///{id}': { scopes: ['notes:read'] } },
      prompts: { summarize: { scopes: ['notes:read'] } },
    },
  },
};

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [key: string]: unknown;
}

export interface GuardedOptions {
  readonly config?: Record<string, unknown> | ((idp: DevIdp) => Record<string, unknown>);
  readonly revocations?: RevocationList;
  /** Default: a log in memory, whose records the tests read. */
  readonly audit?: AuditLog;
  readonly observer?: Observer;
  readonly drainTimeoutMs?: number;
}

/** A suite over a real issuer, with its records and its log at hand. */
export interface Guarded {
  readonly suite: Sallyport;
  readonly idp: DevIdp;
  readonly records: readonly AuditRecord[];
  readonly logged: readonly LogLine[];
  token(scopes?: readonly string[], subject?: string, expiresInSeconds?: number): Promise<string>;
  /** Serves an application on a port of its own and gives the address of the endpoint. */
  serve(build: (app: Express, suite: Sallyport) => void): Promise<string>;
  /** The same with the whole walk before one handler. */
  serveHandler(handler: RequestHandler, before?: readonly RequestHandler[]): Promise<string>;
  close(): Promise<void>;
}

export async function openGuarded(options: GuardedOptions = {}): Promise<Guarded> {
  const idp = await startDevIdp({ quiet: true, resources: [resource] });
  const memory = createMemoryAuditLog();
  const logged: LogLine[] = [];
  const config = {
    resource,
    issuers: [{ issuer: idp.issuer }],
    card,
    dangerouslyAllowInsecureIssuers: true,
    ...(typeof options.config === 'function' ? options.config(idp) : options.config),
  };
  const suite = await createSallyport(config, {
    audit: options.audit ?? memory,
    log: createCollectingLog(logged),
    ...(options.observer !== undefined && { observer: options.observer }),
    ...(options.revocations !== undefined && { revocations: options.revocations }),
    ...(options.drainTimeoutMs !== undefined && { drainTimeoutMs: options.drainTimeoutMs }),
  });
  const servers: Server[] = [];

  const guarded: Guarded = {
    suite,
    idp,
    records: memory.records,
    logged,
    token: (scopes = ['notes:read'], subject = 'alice', expiresInSeconds = 300) =>
      idp.mintToken({ scopes, subject, resource, expiresInSeconds }),
    async serve(build) {
      const app = express();
      app.disable('x-powered-by');
      // What Express says about an error goes to the caller and not to the console.
      app.set('env', 'test');
      build(app, suite);
      const server = createServer(app);
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    },
    serveHandler: (handler, before = []) =>
      guarded.serve((app) => {
        app.all('/mcp', ...before, suite.protect, handler);
      }),
    close: () => closeAll(suite, servers, idp),
  };
  return guarded;
}

function createCollectingLog(logged: LogLine[]): Logger {
  return pino({ level: 'trace' }, { write: (line: string) => void logged.push(JSON.parse(line) as LogLine) });
}

async function closeAll(suite: Sallyport, servers: readonly Server[], idp: DevIdp): Promise<void> {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await suite.close();
  await idp.close();
}
