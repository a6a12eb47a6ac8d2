// #region guard
import { createSallyport, statelessHandler } from '@sallyport/express';
import express from 'express';
import { buildServer } from './build-server.ts';

const suite = await createSallyport('sallyport.config.yaml', { buildServer });
const app = express();
app.use(suite.wellKnown, suite.health);
app.all('/mcp', suite.protect, statelessHandler(buildServer));
const server = app.listen(8080, '127.0.0.1');
// #endregion guard

process.once('SIGTERM', () => {
  server.close();
  void suite.close().then(() => process.exit(0));
});
