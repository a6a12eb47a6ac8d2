import { findDrift, listRegistered, requireNoDrift, type Card, type RegisteredTargets } from '@sallyport/card';
import type { SallyportConfig } from '@sallyport/config';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { logEvent, type OperationalLogger } from '@sallyport/core';

export interface DriftCheck {
  /** What the server registers; `undefined` when there was no `buildServer` to ask. */
  readonly registered: RegisteredTargets | undefined;
  /** Says in the log what was found. For later: a start that fails says one line and no more. */
  report(log: OperationalLogger): void;
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
      report: (log) => logEvent(log, 'sallyport.card.drift_unchecked'),
    };
  }
  const registered = await listRegistered(buildServer);
  if (config.drift === 'error') requireNoDrift(card, registered);
  return {
    registered,
    report(log) {
      for (const { message } of findDrift(card, registered)) logEvent(log, 'sallyport.card.drift', { drift: message });
    },
  };
}
