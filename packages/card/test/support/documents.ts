import { FetchProblem, type DocumentFetcher, type DocumentRequest } from '@sallyport/core';
import { fetchServerCard, type FetchedServerCard, type FetchServerCardOptions } from '../../src/index.ts';
import { setupErrorOf } from './setup-error-of.ts';

/** What a server answers: JSON as a value, or anything as a text. */
export interface Served {
  readonly status?: number;
  readonly type?: string;
  readonly json?: unknown;
  readonly text?: string;
  readonly etag?: string;
  readonly location?: string;
}

export interface Asked extends DocumentRequest {
  readonly url: string;
}

/** A web of documents by URL; everything else is 404. It keeps to the contract of a fetcher, and remembers what it was asked. */
export function webOf(documents: Readonly<Record<string, Served>>): { fetchDocument: DocumentFetcher; asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    async fetchDocument(url, request) {
      asked.push({ ...request, url: url.href });
      if (request.signal.aborted) throw new FetchProblem('no complete answer in time');
      const served = documents[url.href] ?? { status: 404 };
      const { type = 'application/json', etag, location, json, text = JSON.stringify(json) ?? '' } = served;
      const matches = etag !== undefined && request.etag === etag;
      const status = served.status ?? (matches ? 304 : 200);
      const isRead = status === 200 && (request.mediaTypes?.includes(type) ?? true);
      const body = isRead ? Buffer.from(text) : Buffer.alloc(0);
      return { status, body, mediaType: type, etag, maxAgeSeconds: undefined, location };
    },
  };
}

export const cardType = 'application/mcp-server-card+json';

export function fetchFrom(
  source: string | URL,
  documents: Readonly<Record<string, Served>>,
  options: Partial<FetchServerCardOptions> = {},
): Promise<FetchedServerCard> {
  return fetchServerCard(source, { fetchDocument: webOf(documents).fetchDocument, ...options });
}

/** What is said when no card can be had. */
export async function problemOf(promise: Promise<unknown>): Promise<string> {
  const error = await setupErrorOf(promise);
  return `${error.code} ${error.problem}`;
}
