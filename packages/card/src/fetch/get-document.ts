import { FetchProblem, type DocumentFetcher, type FetchedDocument, type KeyValueStore } from '@sallyport/core';
import { onOneLine } from '../card/card-problem.ts';
import { createDocumentCache, type CachedDocument } from './document-cache.ts';

/** Redirects within one origin that are followed for one document. */
const maxRedirects = 3;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** How documents are fetched during one look-up. */
export interface DocumentSource {
  readonly fetchDocument: DocumentFetcher;
  readonly cache: KeyValueStore | undefined;
  /** Ends the whole look-up. */
  readonly signal: AbortSignal;
  readonly connectTimeoutMs: number;
  readonly maxBytes: number;
}

export interface ReceivedDocument extends CachedDocument {
  /** Where it was, after redirects. */
  readonly url: URL;
  readonly redirected: boolean;
}

/**
 * Gets one document of one of these media types, the preferred one first. A copy in the cache is validated again, never taken as it is.
 * Redirects are followed within the origin, at most three times. Rejects with `FetchProblem`.
 */
export async function getDocument(
  source: DocumentSource,
  start: URL,
  mediaTypes: readonly string[],
): Promise<ReceivedDocument> {
  let url = start;
  for (let count = 0; count <= maxRedirects; count += 1) {
    const { document, cached } = await ask(source, url, mediaTypes);
    if (!redirects.has(document.status)) {
      const found = await received(source, url, { document, cached }, mediaTypes);
      return { ...found, url, redirected: count > 0 };
    }
    url = nextUrl(url, document.location);
  }
  throw new FetchProblem(`redirects more than ${maxRedirects} times`, { answered: true });
}

interface Asked {
  readonly document: FetchedDocument;
  /** The copy whose validator was sent. */
  readonly cached: CachedDocument | undefined;
}

async function ask(source: DocumentSource, url: URL, mediaTypes: readonly string[]): Promise<Asked> {
  const { fetchDocument, signal, connectTimeoutMs, maxBytes } = source;
  const cached = await createDocumentCache(source.cache).get(url);
  const [preferred = '', ...others] = mediaTypes;
  const accept = [preferred, ...others.map((type) => `${type};q=0.9`)].join(', ');
  const request = { accept, signal, connectTimeoutMs, maxBytes, mediaTypes, etag: cached?.etag };
  return { document: await fetchDocument(url, request), cached };
}

async function received(
  source: DocumentSource,
  url: URL,
  { document, cached }: Asked,
  mediaTypes: readonly string[],
): Promise<CachedDocument> {
  const { status, mediaType, body } = document;
  if (status === 304) {
    if (cached !== undefined) return cached;
    throw new FetchProblem('answered 304 to a request without a condition', { answered: true });
  }
  if (status !== 200) throw new FetchProblem(`answered ${status}`, { answered: true });
  if (!mediaTypes.includes(mediaType)) {
    const seen = mediaType === '' ? 'no media type' : `the media type ${onOneLine(mediaType.slice(0, 60))}`;
    throw new FetchProblem(`answered with ${seen}, not ${mediaTypes.join(' or ')}`, { answered: true });
  }
  // Whoever reads a body more than the limit is not the fetcher that was promised; the limit holds all the same.
  if (body.length > source.maxBytes)
    throw new FetchProblem(`is longer than ${source.maxBytes} bytes`, { answered: true });
  const found = { body, mediaType, etag: document.etag };
  await createDocumentCache(source.cache).set(url, found);
  return found;
}

/** Another origin speaks for itself; whoever wants its card can ask it. */
function nextUrl(url: URL, location: string | undefined): URL {
  if (location === undefined || !URL.canParse(location, url.href)) {
    throw new FetchProblem('redirects to nowhere', { answered: true });
  }
  const next = new URL(location, url);
  if (next.origin !== url.origin || next.username !== '' || next.password !== '') {
    const where = next.origin === 'null' ? next.protocol : next.origin;
    throw new FetchProblem(`redirects to another origin, ${where.slice(0, 200)}`, { answered: true });
  }
  next.hash = '';
  return next;
}
