import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import {
  request as httpRequest,
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { bareAddress, type AddressPolicy } from './address-policy.ts';

export interface FetchDocumentOptions {
  /** Ends the request, headers and body alike. */
  readonly signal: AbortSignal;
  readonly addresses: AddressPolicy;
  /** Value of `Accept`. */
  readonly accept: string;
  /** Sent as `If-None-Match`. */
  readonly etag?: string | undefined;
  /** Longest body that is read, in bytes. */
  readonly maxBytes: number;
  /** Makes the request a POST with this body and these further header fields. */
  readonly post?: { readonly body: string; readonly headers: Readonly<Record<string, string>> } | undefined;
  /** Keeps connections for the next request. It must be used for one origin and one address policy only. Default: none. */
  readonly agent?: Agent | undefined;
}

export interface FetchedDocument {
  /** Any status; the body is read only for 200. */
  readonly status: number;
  readonly body: Buffer;
  /** Media type in lower case, without parameters; empty when absent. */
  readonly mediaType: string;
  readonly etag: string | undefined;
  /** `max-age` of `Cache-Control`, in seconds. */
  readonly maxAgeSeconds: number | undefined;
  /** The raw `Retry-After` field. */
  readonly retryAfter?: string | undefined;
  /** The raw `Date` field: the clock of the server. */
  readonly date?: string | undefined;
}

/** Why a document could not be had, in words for the operator's log. */
export class FetchProblem extends Error {
  override readonly name = 'FetchProblem';
  /** There was an answer, and it is one that nobody reads; else no answer came. */
  readonly answered: boolean;

  constructor(message: string, options: { readonly answered?: boolean } = {}) {
    super(message);
    this.answered = options.answered ?? false;
  }
}

/**
 * Fetches one document. Follows no redirect, decodes no content coding, sends no credential but what `post` holds, uses no proxy, always
 * verifies TLS. The address is judged at the moment of connecting, so that a name that resolves differently the second time gains nothing.
 *
 * Rejects with `FetchProblem` only.
 */
export async function fetchDocument(url: URL, options: FetchDocumentOptions): Promise<FetchedDocument> {
  try {
    return await attempt(url, options);
  } catch (error) {
    // The other side closed a kept connection in the very moment in which it was used again: no answer was lost.
    if (error instanceof StaleConnection) return attempt(url, { ...options, agent: undefined });
    throw error;
  }
}

function attempt(url: URL, options: FetchDocumentOptions): Promise<FetchedDocument> {
  return new Promise((resolve, reject) => {
    const host = bareAddress(url.hostname);
    if (isIP(host) !== 0 && !options.addresses(host)) throw new FetchProblem(`the address ${host} is not allowed`);
    const { post, agent = false } = options;
    const settings: RequestOptions & { rejectUnauthorized: boolean } = {
      agent,
      method: post === undefined ? 'GET' : 'POST',
      headers: {
        ...post?.headers,
        ...(post === undefined ? {} : { 'content-length': Buffer.byteLength(post.body) }),
        accept: options.accept,
        'accept-encoding': 'identity',
        'user-agent': 'sallyport',
        ...(options.etag === undefined ? {} : { 'if-none-match': options.etag }),
      },
      lookup: guardedLookup(options.addresses),
      maxHeaderSize: 16_384,
      rejectUnauthorized: true,
      signal: options.signal,
    };
    let answered = false;
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, settings, (response) => {
      answered = true;
      readBody(response, options.maxBytes).then(resolve, (error: unknown) => {
        reject(describe(error, options.signal));
        request.destroy();
      });
    });
    // Stays for good: a destroyed socket may report once more.
    request.on('error', (error) =>
      reject(
        !answered && isStale(request, error)
          ? new StaleConnection('the connection was closed')
          : describe(error, options.signal),
      ),
    );
    request.end(post?.body);
  });
}

class StaleConnection extends FetchProblem {}

function isStale(request: ClientRequest, error: Error): boolean {
  return request.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<FetchedDocument> {
  const { headers } = response;
  const status = response.statusCode ?? 0;
  const facts = {
    status,
    mediaType: (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
    etag: headers.etag,
    maxAgeSeconds: readMaxAge(headers['cache-control']),
    retryAfter: headers['retry-after'],
    date: headers.date,
  };
  if (status !== 200) {
    response.destroy();
    return { ...facts, body: Buffer.alloc(0) };
  }
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity')
    throw new FetchProblem('the answer has a content coding that was not asked for', { answered: true });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new FetchProblem(`the answer is longer than ${maxBytes} bytes`, { answered: true });
    chunks.push(chunk);
  }
  return { ...facts, body: Buffer.concat(chunks, size) };
}

/** `dns.lookup` that gives only allowed addresses. */
function guardedLookup(allowed: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true };
    dnsLookup(hostname, all, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const fine: LookupAddress[] = addresses.filter((entry) => allowed(entry.address));
      const [first] = fine;
      if (first === undefined)
        return callback(new FetchProblem(`${hostname} resolves to addresses that are not allowed`), '', 0);
      if (options.all === true) return callback(null, fine);
      return callback(null, first.address, first.family);
    });
  };
}

function readMaxAge(cacheControl: string | undefined): number | undefined {
  for (const directive of (cacheControl ?? '').split(',')) {
    const [name, value = ''] = directive.trim().toLowerCase().split('=', 2);
    if (name === 'max-age' && /^\d{1,9}$/.test(value)) return Number(value);
  }
  return undefined;
}

/** Error codes are facts (`ECONNREFUSED`, `CERT_HAS_EXPIRED`); other libraries' messages stay out. */
function describe(error: unknown, signal: AbortSignal): FetchProblem {
  if (error instanceof FetchProblem) return error;
  if (signal.aborted) return new FetchProblem('no complete answer in time');
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
  return new FetchProblem(`the request failed: ${code}`);
}
