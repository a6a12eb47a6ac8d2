import { join } from 'node:path';

import { createSallyport, guardServer, statelessHandler } from '@sallyport/express';
import express from 'express';
import { pino } from 'pino';

import { buildServer } from '../server/build-server.ts';
import { resource, toolScope } from '../server/call.ts';
import { benchCard } from './bench-card.ts';
import type { RowOptions, RowServer } from './row-server.ts';

/** High enough never to refuse: what is measured is the price of counting. */
const noLimit = '1000000/s';

/** Everything on, as `test/target` has it: the walk, the card, the durable audit log. */
export async function createSallyportRow({ tools, issuer, jwksUri, directory }: RowOptions): Promise<RowServer> {
  const build = (): ReturnType<typeof buildServer> => buildServer({ tools, requiresScopes: false });
  const suite = await createSallyport(
    {
      resource,
      issuers: [{ issuer, jwksUri, algorithms: ['ES256'] }],
      card: benchCard(tools),
      signInScopes: [toolScope],
      audit: { directory: join(directory, 'audit'), mode: 'strict' },
      rateLimits: { perAddress: noLimit, perPrincipal: noLimit },
      dangerouslyAllowInsecureIssuers: true,
    },
    { buildServer: build, log: pino({ level: 'error' }, pino.destination(2)) },
  );
  const handler = statelessHandler(build);
  const app = express();
  app.use(suite.wellKnown);
  app.all('/mcp', suite.protect, handler);
  return {
    listener: app,
    prepare: guardServer,
    async close() {
      await handler.close();
      await suite.close();
    },
  };
}
