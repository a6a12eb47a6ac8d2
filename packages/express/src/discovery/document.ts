import type { IncomingMessage, ServerResponse } from 'node:http';

/** A public document: the same bytes for everybody. */
export interface PublicDocument {
  readonly contentType: string;
  readonly body: Buffer;
  /** Strong validator (RFC 9110 §8.8.3), with its quotes. */
  readonly etag: string;
}

const cacheControl = 'public, max-age=300';

/** Serves a public document: GET, HEAD, conditional requests, open to all origins. */
export function serveDocument(document: PublicDocument, req: IncomingMessage, res: ServerResponse): void {
  res.setHeader('Access-Control-Allow-Origin', '*');
  if (req.method === 'OPTIONS') {
    answerOptions(res);
    return;
  }
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    res.statusCode = 405;
    res.setHeader('Allow', 'GET, HEAD, OPTIONS');
    res.end();
    return;
  }
  res.setHeader('Access-Control-Expose-Headers', 'ETag');
  res.setHeader('Cache-Control', cacheControl);
  res.setHeader('ETag', document.etag);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  if (matches(req.headers['if-none-match'], document.etag)) {
    res.statusCode = 304;
    res.end();
    return;
  }
  res.statusCode = 200;
  res.setHeader('Content-Type', document.contentType);
  res.setHeader('Content-Length', document.body.length);
  res.end(req.method === 'HEAD' ? undefined : document.body);
}

function answerOptions(res: ServerResponse): void {
  res.statusCode = 204;
  res.setHeader('Access-Control-Allow-Methods', 'GET, HEAD');
  res.setHeader('Access-Control-Allow-Headers', 'Authorization, MCP-Protocol-Version, If-None-Match');
  res.setHeader('Access-Control-Max-Age', '600');
  res.end();
}

/** `If-None-Match` uses the weak comparison (RFC 9110 §13.1.2). */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',', 64).some((candidate) => {
    const tag = candidate.trim();
    return (tag.startsWith('W/') ? tag.slice(2) : tag) === etag;
  });
}
