import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import {
  request as httpRequest,
  type Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { TLSSocket } from 'node:tls';
import { FetchProblem, type DocumentRequest, type FetchedDocument as CommonDocument } from '@sallyport/core';
import { bareAddress, type AddressPolicy } from './address-policy.ts';

export { FetchProblem };

export interface FetchDocumentOptions extends DocumentRequest {
  readonly addresses: AddressPolicy;
  /** Looks names up. Default: `dns.lookup`. What it gives is judged by `addresses`. */
  readonly lookup?: LookupFunction | undefined;
  /** Keeps connections for the next request. It must be used for one origin and one address policy only. Default: none. */
  readonly agent?: Agent | undefined;
}

export interface FetchedDocument extends CommonDocument {
  readonly body: Buffer;
  /** The raw `Retry-After` field. */
  readonly retryAfter?: string | undefined;
  /** The raw `Date` field: the clock of the server. */
  readonly date?: string | undefined;
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
      lookup: guardedLookup(options.addresses, options.lookup),
      maxHeaderSize: 16_384,
      rejectUnauthorized: true,
      signal: options.signal,
    };
    let answered = false;
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, settings, (response) => {
      answered = true;
      readBody(response, options).then(resolve, (error: unknown) => {
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
    if (options.connectTimeoutMs !== undefined) limitConnecting(request, options.connectTimeoutMs);
    request.end(post?.body);
  });
}

/** Gives up when there is no connection in time, from the look-up of the name to the end of the TLS handshake. */
function limitConnecting(request: ClientRequest, timeoutMs: number): void {
  const problem = new FetchProblem(`no connection in ${timeoutMs} ms`);
  const timer = setTimeout(() => request.destroy(problem), timeoutMs);
  const stop = (): void => clearTimeout(timer);
  request.once('close', stop);
  request.once('socket', (socket) => {
    if (request.reusedSocket) stop();
    else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', stop);
  });
}

class StaleConnection extends FetchProblem {}

function isStale(request: ClientRequest, error: Error): boolean {
  return request.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

async function readBody(response: IncomingMessage, options: FetchDocumentOptions): Promise<FetchedDocument> {
  const { maxBytes, mediaTypes, readErrors = false } = options;
  const { headers } = response;
  const status = response.statusCode ?? 0;
  const facts = {
    status,
    mediaType: (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
    etag: headers.etag,
    maxAgeSeconds: readMaxAge(headers['cache-control']),
    location: headers.location,
    headers: singleFields(headers),
    retryAfter: headers['retry-after'],
    date: headers.date,
  };
  const isReadable = mediaTypes === undefined || mediaTypes.includes(facts.mediaType);
  if ((status !== 200 && !readErrors) || !isReadable) {
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
function guardedLookup(allowed: AddressPolicy, lookup: LookupFunction = dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true };
    lookup(hostname, all, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const addresses = Array.isArray(found) ? found : [];
      const fine: LookupAddress[] = addresses.filter((entry) => allowed(entry.address));
      const [first] = fine;
      if (first === undefined)
        return callback(new FetchProblem(`${hostname} resolves to addresses that are not allowed`), '', 0);
      if (options.all === true) return callback(null, fine);
      return callback(null, first.address, first.family);
    });
  };
}

function singleFields(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).filter((field): field is [string, string] => typeof field[1] === 'string'));
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
