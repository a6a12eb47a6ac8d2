import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { guardServer, type Sallyport } from '@sallyport/express';
import { createGuardedApp } from '@sallyport-examples/notes-server';
import { pino } from 'pino';

export interface Demo {
  readonly idp: DevIdp;
  readonly suite: Sallyport;
  readonly url: URL;
  readonly auditDirectory: string;
  close(): Promise<void>;
}

const card = fileURLToPath(import.meta.resolve('@sallyport-examples/notes-server/server-card.json'));

/** Starts the dev IdP and the guarded notes server on free ports, with an audit log in a new folder. */
export async function startDemo(): Promise<Demo> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  const idp = await startDevIdp({
    resources: [url.href],
    scopes: ['notes:read', 'notes:write', 'notes:admin'],
    quiet: true,
  });
  const auditDirectory = path.join(mkdtempSync(path.join(tmpdir(), 'sallyport-demo-')), 'audit');
  const { app, suite } = await createGuardedApp(
    {
      resource: url.href,
      issuers: [{ issuer: idp.issuer }],
      card,
      signInScopes: ['notes:read'],
      audit: { directory: auditDirectory, stream: 'demo' },
      dangerouslyAllowInsecureIssuers: true,
    },
    // The story is on stdout; the operational log would only interrupt it.
    { log: pino({ level: 'error' }, pino.destination(2)) },
  );
  server.on('request', (req, res) => void app(req, res));
  guardServer(server);
  return {
    idp,
    suite,
    url,
    auditDirectory,
    async close() {
      server.close();
      await suite.close();
      server.closeAllConnections();
      await idp.close();
    },
  };
}
