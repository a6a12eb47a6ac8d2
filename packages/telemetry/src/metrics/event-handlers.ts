import type { ObserverEvent } from '@sallyport/core';

/** What is done with each type of event; types that are not listed are passed over. */
export type EventHandlers = {
  readonly [T in ObserverEvent['type']]?: (event: Extract<ObserverEvent, { readonly type: T }>) => void;
};

/** Hands events to every table that knows their type. */
export function dispatcher(tables: readonly EventHandlers[]): (event: ObserverEvent) => void {
  const byType = new Map<string, ((event: ObserverEvent) => void)[]>();
  for (const [type, handler] of tables.flatMap((table) => Object.entries(table))) {
    const known = byType.get(type) ?? [];
    known.push(handler as (event: ObserverEvent) => void);
    byType.set(type, known);
  }
  return (event) => {
    for (const handler of byType.get(event.type) ?? none) handler(event);
  };
}

const none: readonly never[] = [];
