import { join } from 'node:path';

import { checkCompleteness } from '@sallyport/audit';
import { createSallyport, mount } from '@sallyport/express';
import express from 'express';
import { pino } from 'pino';

import { createFixture } from '../fixture/fixture.ts';
import { listen } from '../net/listen.ts';
import { startTokenProxy } from '../net/token-proxy.ts';
import { fixtureCard, fixtureScopes } from './fixture-card.ts';
import { startLocalIssuer } from './local-issuer.ts';
import type { ServerUnderTest } from './server-under-test.ts';

/**
 * The same fixture behind the full walk. What the suite calls is the token proxy in front of it, so that is the public
 * address: the resource of the tokens and the only origin that is let in.
 */
export async function startGuardedServer(directory: string): Promise<ServerUnderTest> {
  const proxy = await startTokenProxy();
  const issuer = await startLocalIssuer();
  const fixture = createFixture();
  const resource = `${proxy.origin}/mcp`;
  const auditDirectory = join(directory, 'audit');

  const suite = await createSallyport(
    {
      resource,
      issuers: [{ issuer: issuer.issuer, jwksUri: issuer.jwksUri, algorithms: ['ES256'] }],
      card: fixtureCard(resource),
      audit: { directory: auditDirectory },
      network: { allowedOrigins: [proxy.origin] },
      legacy: 'handler',
      dangerouslyAllowInsecureIssuers: true,
    },
    { buildServer: fixture.buildServer, log: pino({ level: 'error' }, pino.destination(2)) },
  );

  const app = express();
  app.use(suite.wellKnown);
  app.all('/mcp', suite.protect, mount(fixture.handle));
  const server = await listen(app);
  proxy.forwardTo(server.origin, await issuer.mint(resource, fixtureScopes));

  const problems = await findOpenDoor(`${server.origin}/mcp`);
  return {
    url: resource,
    async close() {
      await proxy.close();
      await server.close();
      await fixture.close();
      await suite.close();
      await issuer.close();
      return [...problems, ...(await findAuditProblems(auditDirectory))];
    },
  };
}

/** Were the guard not in the way, both servers would pass alike: without the proxy's token it must refuse. */
async function findOpenDoor(url: string): Promise<string[]> {
  const { status } = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
  return status === 401 ? [] : [`without a token the guarded server answers ${status} instead of 401`];
}

/** Every call of the suite must have left its records, each allowed one with its outcome. */
async function findAuditProblems(directory: string): Promise<string[]> {
  const { allows, findings } = await checkCompleteness(directory);
  const nothing = allows === 0 ? ['the audit log has no allowed call'] : [];
  return [...nothing, ...findings.map(({ code, problem }) => `audit log: ${code}: ${problem}`)];
}
