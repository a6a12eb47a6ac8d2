import { join } from 'node:path';

import { createMcpExpressApp, requireBearerAuth } from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { NextFunction, Request, Response } from 'express';
import { pino } from 'pino';

import { buildServer } from '../server/build-server.ts';
import { resource } from '../server/call.ts';
import { createOfficialVerifier } from './official-verifier.ts';
import type { RowOptions, RowServer } from './row-server.ts';

/** What a careful user builds from the official packages: tokens validated, a scope for each tool, a log line a call. */
export function createOfficialRow(options: RowOptions): RowServer {
  const verifier = createOfficialVerifier({ ...options, algorithms: ['ES256'] });
  const logDestination = pino.destination(join(options.directory, 'calls.log'));
  const log = pino(logDestination);
  const handler = createMcpHandler(() => buildServer({ tools: options.tools, requiresScopes: true }));
  const answer = toNodeHandler(handler);

  function logCall(req: Request, res: Response, next: NextFunction): void {
    const start = performance.now();
    res.once('finish', () => {
      const ms = performance.now() - start;
      log.info({
        method: req.get('mcp-method'),
        target: req.get('mcp-name'),
        sub: req.auth?.extra?.['sub'],
        status: res.statusCode,
        ms,
      });
    });
    next();
  }

  const app = createMcpExpressApp();
  const authenticate = requireBearerAuth({
    verifier,
    expectedResource: new URL(resource),
    resourceMetadataUrl: 'http://127.0.0.1:8080/.well-known/oauth-protected-resource/mcp',
  });
  app.all('/mcp', logCall, authenticate, (req, res) => answer(req, res, req.body));

  return {
    listener: app,
    async close() {
      await handler.close();
      logDestination.end();
    },
  };
}
