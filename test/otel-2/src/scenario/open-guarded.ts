import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryAuditLog, Refusal, type AuditLog, type AuditRecord } from '@sallyport/core';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { callOf, createSallyport, statelessHandler } from '@sallyport/express';
import express from 'express';
import { buildServer, card } from './build-server.ts';
import type { HostSdk } from './host-sdk.ts';
import { oddHandler } from './odd-handler.ts';

const resource = 'http://127.0.0.1/mcp';
const odd: ReadonlySet<string | undefined> = new Set(['crash', 'cancel', 'hang']);

export interface GuardedHost {
  readonly url: string;
  readonly idp: DevIdp;
  readonly records: readonly AuditRecord[];
  /** From now on nothing can be recorded. */
  breakLog(): void;
  token(): Promise<string>;
  close(): Promise<void>;
}

/** A guarded server in a host with OpenTelemetry, whose HTTP instrumentation makes a span for every request. */
export async function openGuarded(sdk: HostSdk, telemetry: Record<string, unknown>): Promise<GuardedHost> {
  const idp = await startDevIdp({ quiet: true, resources: [resource] });
  const memory = createMemoryAuditLog();
  let broken = false;
  const audit: AuditLog = {
    ...memory,
    append: (entry, options) =>
      broken ? Promise.reject(new Refusal('audit_unavailable')) : memory.append(entry, options),
  };
  const config = {
    resource,
    issuers: [{ issuer: idp.issuer }],
    card,
    telemetry,
    dangerouslyAllowInsecureIssuers: true,
  } as const;
  const suite = await createSallyport(config, { audit });
  const served = statelessHandler(() => buildServer(sdk));
  const app = express();
  app.use((_req, res, next) =>
    sdk.inSpan('POST', (end) => {
      res.once('close', end);
      next();
    }),
  );
  app.all('/mcp', suite.protect, (req, res, next) => {
    const handler = odd.has(callOf(req)?.target?.name) ? oddHandler : served;
    void handler(req, res, next);
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    idp,
    records: memory.records,
    breakLog: () => void (broken = true),
    token: () => idp.mintToken({ scopes: ['notes:read'], subject: 'canary-subject-alice', resource }),
    async close() {
      server.closeAllConnections();
      server.close();
      await suite.close().catch(() => undefined);
      await idp.close();
    },
  };
}
