import type { IncomingMessage, ServerResponse } from 'node:http';

const exposed = 'WWW-Authenticate, Mcp-Session-Id, Retry-After';
const requestHeaders = [
  'authorization',
  'content-type',
  'accept',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'traceparent',
  'tracestate',
];
const preflightSeconds = '600';

/** Marks an answer as readable for one allowed origin (Fetch, CORS protocol). Credentials mode is never allowed. */
export function allowOrigin(res: ServerResponse, origin: string, dpop: boolean): void {
  res.setHeader('Access-Control-Allow-Origin', origin);
  res.setHeader('Access-Control-Expose-Headers', dpop ? `${exposed}, DPoP-Nonce` : exposed);
}

/** The `Vary` every answer of the endpoint has, allowed origin or not. */
export function varyByOrigin(res: ServerResponse): void {
  const vary = res.getHeader('Vary');
  const names =
    vary === undefined
      ? []
      : String(vary)
          .split(',')
          .map((name) => name.trim());
  if (names.some((name) => name === '*' || name.toLowerCase() === 'origin')) return;
  res.setHeader('Vary', [...names, 'Origin'].join(', '));
}

export interface PreflightOptions {
  readonly methods: readonly string[];
  /** Whether a page may send a DPoP proof. */
  readonly dpop: boolean;
}

/** Answers a preflight of an allowed origin. Of the headers asked for, those of MCP and `Mcp-Param-*` are granted. */
export function answerPreflight(req: IncomingMessage, res: ServerResponse, { methods, dpop }: PreflightOptions): void {
  const granted = [...requestHeaders, ...(dpop ? ['dpop'] : []), ...askedParams(req)];
  res.statusCode = 204;
  res.setHeader('Access-Control-Allow-Methods', methods.join(', '));
  res.setHeader('Access-Control-Allow-Headers', granted.join(', '));
  res.setHeader('Access-Control-Max-Age', preflightSeconds);
  res.setHeader('Cache-Control', 'no-store');
  res.end();
}

/** True for a CORS preflight: `OPTIONS` with an origin and the method it asks for. */
export function isPreflight(req: IncomingMessage): boolean {
  return (
    req.method === 'OPTIONS' &&
    req.headers.origin !== undefined &&
    req.headers['access-control-request-method'] !== undefined
  );
}

function askedParams(req: IncomingMessage): string[] {
  const asked = req.headers['access-control-request-headers'];
  if (asked === undefined) return [];
  const names = asked.split(',', 64).map((name) => name.trim().toLowerCase());
  return names.filter((name) => name.startsWith('mcp-param-') && isToken(name));
}

function isToken(name: string): boolean {
  for (const char of name) {
    const letter = (char >= 'a' && char <= 'z') || (char >= '0' && char <= '9') || char === '-' || char === '_';
    if (!letter) return false;
  }
  return name.length <= 128;
}
