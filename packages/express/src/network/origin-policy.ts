import type { IncomingMessage } from 'node:http';
import { fieldLines } from './raw-headers.ts';

/** `absent`: not a browser. `allowed`: a listed origin. `refused`: anything else a browser says. */
export type OriginVerdict = 'absent' | 'allowed' | 'refused';

/**
 * Judges the `Origin` of a request against a list of exact origins (MCP transports, security: DNS rebinding).
 * `null`, an empty value and several origins are refused; so is a cross-site fetch that hides its origin.
 */
export function createOriginPolicy(allowed: readonly string[]): (req: IncomingMessage) => OriginVerdict {
  const origins = new Set(allowed.map((origin) => origin.toLowerCase()));
  return (req) => {
    const lines = fieldLines(req, 'origin');
    if (lines.length === 0) return req.headers['sec-fetch-site'] === 'cross-site' ? 'refused' : 'absent';
    const origin = lines[0];
    return lines.length === 1 && origin !== undefined && origins.has(origin.toLowerCase()) ? 'allowed' : 'refused';
  };
}
