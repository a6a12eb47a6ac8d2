import { localhostHostValidation } from '@modelcontextprotocol/node';
import express, { type NextFunction, type Request, type Response } from 'express';

import { createFixture } from '../fixture/fixture.ts';
import { listen } from '../net/listen.ts';
import type { ServerUnderTest } from './server-under-test.ts';

/** The fixture with nothing in front of it but the check of the Host header that the suite asks for. */
export async function startBareServer(): Promise<ServerUnderTest> {
  const fixture = createFixture();
  const isLocalHost = localhostHostValidation();
  const app = express();
  app.use((req: Request, res: Response, next: NextFunction) => {
    if (isLocalHost(req, res)) next();
  });
  app.all('/mcp', express.json(), (req: Request, res: Response) => fixture.handle(req, res, req.body));

  const server = await listen(app);
  return {
    url: `${server.origin}/mcp`,
    async close() {
      await server.close();
      await fixture.close();
      return [];
    },
  };
}
