import { member, type KeyValueStore } from '@sallyport/core';

/** A document that can be asked for again by its validator. */
export interface CachedDocument {
  readonly body: Uint8Array;
  readonly mediaType: string;
  /** Absent: it can not be kept. */
  readonly etag: string | undefined;
}

export interface DocumentCache {
  get(url: URL): Promise<CachedDocument | undefined>;
  set(url: URL, document: CachedDocument): Promise<void>;
}

const dayMs = 86_400_000;

/** RFC 9110 §8.8.3, of reasonable length. A header field carries it back. */
const entityTag = /^(?:W\/)?"[\x21\x23-\x7e]{0,200}"$/;

/**
 * Documents by URL, kept for a day. A store that can not be reached is an empty one: it only saves bytes. What comes out of it is read
 * as strictly as what comes from the network.
 */
export function createDocumentCache(store: KeyValueStore | undefined): DocumentCache {
  return {
    async get(url) {
      const text = await store?.get(keyOf(url)).catch(() => undefined);
      return text === undefined ? undefined : parse(text);
    },
    async set(url, { body, mediaType, etag }) {
      if (store === undefined || etag === undefined || !entityTag.test(etag)) return;
      const text = JSON.stringify({ etag, mediaType, body: Buffer.from(body).toString('base64') });
      await store.set(keyOf(url), text, dayMs).catch(() => undefined);
    },
  };
}

function keyOf(url: URL): string {
  return `card-document:${url.href}`;
}

function parse(text: string): CachedDocument | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const [etag, mediaType, body] = [member(value, 'etag'), member(value, 'mediaType'), member(value, 'body')];
  if (typeof etag !== 'string' || typeof mediaType !== 'string' || typeof body !== 'string') return undefined;
  return entityTag.test(etag) ? { etag, mediaType, body: Buffer.from(body, 'base64') } : undefined;
}
