import type { IncomingMessage, ServerResponse } from 'node:http';
import { discardBody, endUnread } from '../answer/drain.ts';
import { isNotModified } from './is-not-modified.ts';
import { negotiate } from './negotiate.ts';

/** A public document: the same bytes for everybody. */
export interface PublicDocument {
  /** The value of `Content-Type`. */
  readonly contentType: string;
  /**
   * Media types, without parameters, that the bytes can be asked for and sent as besides `contentType`. With any, `Accept` is obeyed;
   * without, there is one representation, which everybody gets (RFC 9110 §12.5.1 allows it).
   */
  readonly alternatives?: readonly string[];
  readonly body: Buffer;
  /** Strong validator (RFC 9110 §8.8.3), with its quotes. One for every type it is sent as: the data are the same (§8.8.1). */
  readonly etag: string;
  /** The value of `Link` (RFC 8288). */
  readonly link?: string;
}

/** Whatever changes in a card is seen everywhere after five minutes. */
const cacheControl = 'public, max-age=300';
const allowed = 'GET, HEAD, OPTIONS';

/** Opens an answer to scripts of every origin. There are no credentials here, so none are allowed. */
export function openToEveryOrigin(res: ServerResponse): void {
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Access-Control-Allow-Methods', 'GET, HEAD');
  res.setHeader(
    'Access-Control-Allow-Headers',
    'Accept, Authorization, Content-Type, If-None-Match, MCP-Protocol-Version',
  );
  res.setHeader('Access-Control-Expose-Headers', 'ETag, Link, Retry-After');
}

/** Serves a public document: GET, HEAD, conditional requests, content negotiation, preflights; 405 for everything else. */
export function serveDocument(document: PublicDocument, req: IncomingMessage, res: ServerResponse): void {
  openToEveryOrigin(res);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  if (req.method === 'OPTIONS') {
    res.setHeader('Access-Control-Max-Age', '600');
    res.setHeader('Allow', allowed);
    return end(204, undefined, req, res);
  }
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    res.setHeader('Allow', allowed);
    return end(405, undefined, req, res);
  }
  const { alternatives = [], body, etag, link } = document;
  if (alternatives.length > 0) res.setHeader('Vary', 'Accept');
  const [own = ''] = document.contentType.split(';', 1);
  const media = alternatives.length === 0 ? own : negotiate(req.headers.accept, [own, ...alternatives]);
  if (media === undefined) {
    res.setHeader('Cache-Control', 'no-store');
    res.setHeader('Content-Type', 'text/plain; charset=utf-8');
    return end(406, Buffer.from(`${[own, ...alternatives].join('\n')}\n`), req, res);
  }
  res.setHeader('Cache-Control', cacheControl);
  res.setHeader('ETag', etag);
  if (link !== undefined) res.setHeader('Link', link);
  if (isNotModified(req.headers['if-none-match'], etag)) return end(304, undefined, req, res);
  res.setHeader('Content-Type', media === own ? document.contentType : media);
  end(200, body, req, res);
}

/** Ends an answer, whatever body the request has: nobody reads it. */
function end(status: number, body: Buffer | undefined, req: IncomingMessage, res: ServerResponse): void {
  const unread = discardBody(req, res);
  res.statusCode = status;
  if (status === 405) res.setHeader('Content-Length', 0);
  if (body !== undefined) res.setHeader('Content-Length', body.length);
  const shown = req.method === 'HEAD' ? undefined : body;
  if (unread) endUnread(req, res, shown);
  else res.end(shown);
}
