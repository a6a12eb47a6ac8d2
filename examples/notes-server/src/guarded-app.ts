import { createSallyport, statelessHandler, type Sallyport } from '@sallyport/express';
import express, { type Express } from 'express';
import { buildServer } from './build-server.ts';

/** An Express app with the notes server behind the guard. */
export async function createGuardedApp(
  ...[config, options]: Parameters<typeof createSallyport>
): Promise<{ app: Express; suite: Sallyport }> {
  const suite = await createSallyport(config, { ...options, buildServer });
  const app = express();
  app.use(suite.wellKnown, suite.health);
  app.all('/mcp', suite.protect, statelessHandler(buildServer));
  return { app, suite };
}
