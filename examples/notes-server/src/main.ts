import { createServer } from 'node:http';
import { guardServer } from '@sallyport/express';
import { createGuardedApp } from './guarded-app.ts';

const { app, suite } = await createGuardedApp(process.argv[2] ?? 'sallyport.config.yaml');
const server = createServer(app);
guardServer(server);
server.listen(8080, '127.0.0.1', () => process.stdout.write(`guarded  ${suite.config.resource}\n`));
process.once('SIGTERM', () => {
  server.close();
  void suite.close().then(() => process.exit(0));
});
