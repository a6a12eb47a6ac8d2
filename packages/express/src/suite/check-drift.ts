import { findDrift, listRegistered, requireNoDrift, type Card, type RegisteredTargets } from '@sallyport/card';
import type { SallyportConfig } from '@sallyport/config';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import type { Logger } from 'pino';

/** Compares the card with what the server registers. `undefined` when there is no `buildServer` to ask, which is said once. */
export async function checkDrift(
  card: Card,
  config: SallyportConfig,
  buildServer: McpServerFactory | undefined,
  log: Logger,
): Promise<RegisteredTargets | undefined> {
  if (buildServer === undefined) {
    log.warn('the card was not compared with the server: createSallyport got no buildServer');
    return undefined;
  }
  const registered = await listRegistered(buildServer);
  if (config.drift === 'error') requireNoDrift(card, registered);
  for (const { message } of findDrift(card, registered)) log.warn({ drift: message }, 'card and server differ');
  return registered;
}
