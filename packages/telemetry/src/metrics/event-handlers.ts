import type { ObserverEvent } from '@sallyport/core';

/** What is done with each type of event; types that are not listed are passed over. */
export type EventHandlers = {
  readonly [T in ObserverEvent['type']]?: (event: Extract<ObserverEvent, { readonly type: T }>) => void;
};

/** Hands an event to every table that knows its type. */
export function dispatch(tables: readonly EventHandlers[], event: ObserverEvent): void {
  for (const table of tables) {
    const handler = table[event.type] as ((event: ObserverEvent) => void) | undefined;
    handler?.(event);
  }
}
