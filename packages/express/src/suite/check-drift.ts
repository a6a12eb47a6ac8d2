import { findDrift, listRegistered, requireNoDrift, type Card, type RegisteredTargets } from '@sallyport/card';
import type { SallyportConfig } from '@sallyport/config';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import type { Logger } from 'pino';

export interface DriftCheck {
  /** What the server registers; `undefined` when there was no `buildServer` to ask. */
  readonly registered: RegisteredTargets | undefined;
  /** Says in the log what was found. For later: a start that fails says one line and no more. */
  report(log: Logger): void;
}

/**
 * Compares the card with what the server registers.
 *
 * @throws SetupError `ERR_CARD_DRIFT` when they differ and `drift` is `error`
 */
export async function checkDrift(
  card: Card,
  config: SallyportConfig,
  buildServer: McpServerFactory | undefined,
): Promise<DriftCheck> {
  if (buildServer === undefined) {
    return {
      registered: undefined,
      report: (log) => log.warn('the card was not compared with the server: createSallyport got no buildServer'),
    };
  }
  const registered = await listRegistered(buildServer);
  if (config.drift === 'error') requireNoDrift(card, registered);
  return {
    registered,
    report(log) {
      for (const { message } of findDrift(card, registered)) log.warn({ drift: message }, 'card and server differ');
    },
  };
}
