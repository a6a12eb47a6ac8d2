import { SetupError, type DocumentFetcher, type KeyValueStore } from '@sallyport/core';
import type { FetchedServerCard } from './fetched-card.ts';
import { tryCard, type LookUp } from './look-up.ts';
import { readSource, type CardSource } from './read-source.ts';
import { tryCatalog } from './try-catalog.ts';

export interface FetchServerCardOptions {
  /**
   * How documents are fetched: `createDocumentFetcher()` of `@sallyport/token`, which takes https only, refuses private addresses on the
   * address that it connects to, and follows no redirect. There is no default: a URL that somebody else chose must not reach what only
   * this machine can reach.
   */
  readonly fetchDocument: DocumentFetcher;
  /** Where documents are kept by their `ETag`, for a day. A copy is validated at every use. Default: nothing is kept. */
  readonly cache?: KeyValueStore | undefined;
  /** Milliseconds for the whole search. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for each connection. Default 3,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Longest document, in bytes. Default 1,048,576, which is the most. */
  readonly maxBytes?: number | undefined;
}

const maxBytes = 1_048_576;

/**
 * Finds and reads the Server Card (SEP-2127) of a domain, an MCP endpoint, or at a URL.
 *
 * A domain is asked for its AI Catalog, then at the well-known location, then at `/server-card`. Of an endpoint the card is at
 * `<endpoint>/server-card`, at the URL itself, in the AI Catalog of its origin, or at the well-known location. A redirect is followed
 * within its origin only, at most three times. Catalogs may lead to another origin, which is then noted.
 *
 * A document that is wrong is reported with pointers, not thrown. Whatever it says, it is a claim: see `FetchedCard`.
 *
 * @throws SetupError `ERR_CARD_FETCH` when there is no card, or no single one, with what was tried
 */
export async function fetchServerCard(
  source: string | URL,
  options: FetchServerCardOptions,
): Promise<FetchedServerCard> {
  const wanted = readSource(source);
  const lookUp: LookUp = {
    source: {
      fetchDocument: options.fetchDocument,
      cache: options.cache,
      signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
      connectTimeoutMs: options.connectTimeoutMs ?? 3_000,
      maxBytes: Math.min(options.maxBytes ?? maxBytes, maxBytes),
    },
    endpoint: wanted.kind === 'endpoint' ? wanted.url : undefined,
    tried: [],
    notes: [],
  };
  for (const attempt of attempts(lookUp, wanted)) {
    const found = await attempt();
    if (found !== undefined) return found;
    if (lookUp.source.signal.aborted) break;
  }
  throw notFound(wanted, lookUp);
}

type Attempt = () => Promise<FetchedServerCard | undefined>;

function attempts(lookUp: LookUp, { kind, url }: CardSource): readonly Attempt[] {
  const catalog: Attempt = () => tryCatalog(lookUp, url.origin);
  const wellKnown: Attempt = () => tryCard(lookUp, new URL('/.well-known/mcp/server-card.json', url), 'well-known');
  const below: Attempt = () => tryCard(lookUp, new URL(`${url.origin}${path(url)}/server-card`), 'endpoint');
  const itself: Attempt = () => tryCard(lookUp, url, 'url');
  switch (kind) {
    case 'domain':
      return [catalog, wellKnown, below];
    case 'endpoint':
      return [below, itself, catalog, wellKnown];
    case 'card':
      return [itself];
  }
}

function path({ pathname }: URL): string {
  return pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
}

function notFound({ url }: CardSource, { tried, notes }: LookUp): SetupError {
  const what = [...tried.map((one) => `${one.url} ${one.problem}`), ...notes.map(({ problem }) => problem)];
  return new SetupError({
    code: 'ERR_CARD_FETCH',
    problem: `no Server Card of ${url.host} can be had: ${what.join('; ')}`,
    remedy: 'check the name and that the server publishes a card, or give the URL of the card',
  });
}
