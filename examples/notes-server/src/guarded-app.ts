// #region guard
import { createSallyport, statelessHandler, type Sallyport } from '@sallyport/express';
import express, { type Express } from 'express';
import { buildServer } from './build-server.ts';

export async function createGuardedApp(configFile: string): Promise<{ app: Express; suite: Sallyport }> {
  const suite = await createSallyport(configFile, { buildServer });
  const app = express();
  app.use(suite.wellKnown, suite.health);
  app.all('/mcp', suite.protect, statelessHandler(buildServer));
  return { app, suite };
}
// #endregion guard
