import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callOf, createSallyport, guardServer, mount, statelessHandler, type Sallyport } from '@sallyport/express';
import express, { type Express, type RequestHandler } from 'express';
import { pino, type Logger } from 'pino';
import { buildServer } from './build-server.ts';
import { createSessionfulHandler } from './sessionful-handler.ts';

async function main(): Promise<void> {
  const config = process.env['SALLYPORT_CONFIG'];
  if (config === undefined) throw new Error('SALLYPORT_CONFIG is not set; name the configuration file');
  const suite = await createSallyport(config, { buildServer, ...logOptions(process.env['LOG_LEVEL']) });
  const server = createServer(createApp(suite));
  guardServer(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(process.env['PORT'] ?? 8080), resolve);
  });
  const stop = (): void => {
    server.close();
    server.closeIdleConnections();
    void suite.close().then(() => {
      server.closeAllConnections();
      process.exit(0);
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ ready: true, port, pid: process.pid })}\n`);
}

/** A logger of the host instead of the suite's own: it says everything and hides nothing. */
function logOptions(level: string | undefined): { readonly log?: Logger } {
  return level === undefined ? {} : { log: pino({ level }, pino.destination({ dest: 2, sync: true })) };
}

function createApp(suite: Sallyport): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(suite.wellKnown, suite.health);
  // Answers only where an issuer of the configuration has `backChannelLogout`; else the path does not exist.
  app.all('/backchannel-logout', suite.backChannelLogout);
  app.all(new URL(suite.config.resource).pathname, suite.protect, handlerFor(suite));
  return app;
}

function handlerFor(suite: Sallyport): RequestHandler {
  const modern = statelessHandler(buildServer);
  if (suite.config.legacy !== 'handler') return modern;
  const sessionful = mount(createSessionfulHandler());
  return (req, res, next) => {
    const handler = callOf(req)?.era === 'modern' ? modern : sessionful;
    void handler(req, res, next);
  };
}

main().catch((error: unknown) => {
  const line = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${line.split('\n', 1)[0] ?? ''}\n`);
  process.exit(1);
});
