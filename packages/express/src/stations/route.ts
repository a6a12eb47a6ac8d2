import { Refusal } from '@sallyport/core';
import type { Station } from '../passage/station.ts';

const known = new Set(['POST', 'GET', 'DELETE']);

/**
 * Station 2: the exact path and a known method. Express also matches `/MCP` and `/mcp/`; here they are 404.
 * GET and DELETE go on, so that only an authenticated caller learns whether they are served.
 */
export const routeStation: Station = {
  name: 'route',
  run(passage, req, res) {
    if (passage.target.path !== passage.runtime.endpoint) throw new Refusal('path_not_found');
    if (known.has(req.method ?? '')) return;
    res.setHeader('Allow', allowedMethods(passage.runtime.config.legacy));
    throw new Refusal('method_not_allowed');
  },
};

/** The `Allow` header of a 405. */
export function allowedMethods(legacy: string): string {
  return legacy === 'handler' ? 'POST, GET, DELETE' : 'POST';
}
