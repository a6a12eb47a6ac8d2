import type { RequestListener } from 'node:http';
import { endpointOf, type DevEndpoint } from './endpoints.ts';
import { createFailures, type Failures } from './failures.ts';
import { answerAtTheDoor } from './loopback.ts';

/** What every request passes before the provider sees it. */
export interface Door extends Pick<Failures, 'fail' | 'heal'> {
  readonly listener: RequestListener;
  /** How many requests came for an endpoint, or for all. Those that failed on purpose count; those refused at the door do not. */
  requests(endpoint?: DevEndpoint): number;
}

/** Refuses what is not from this machine, counts, and fails where it is told to; the rest goes to `provider`. */
export function createDoor(provider: RequestListener): Door {
  const failures = createFailures();
  const counts = new Map<DevEndpoint, number>();
  return {
    fail: (failure) => failures.fail(failure),
    heal: (endpoint) => failures.heal(endpoint),
    listener(request, response) {
      if (answerAtTheDoor(request, response)) return;
      const endpoint = endpointOf(request.url ?? '');
      counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
      if (!failures.answer(endpoint, request, response, provider)) provider(request, response);
    },
    requests(endpoint) {
      if (endpoint !== undefined) return counts.get(endpoint) ?? 0;
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
  };
}
