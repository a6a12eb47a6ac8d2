import { createHash } from 'node:crypto';
import type { JsonObject } from '@sallyport/core';

/** A document as it is served. */
export interface SerializedDocument {
  /** JSON in UTF-8, indented by two spaces, with a final line feed. */
  readonly body: Buffer;
  /** Strong entity tag (RFC 9110 §8.8.3) over the body, with its quotes. */
  readonly etag: string;
}

/** The bytes of a discovery document. Equal documents with equal order of members have equal bytes. */
export function serializeDocument(document: JsonObject): SerializedDocument {
  const body = Buffer.from(`${JSON.stringify(document, undefined, 2)}\n`, 'utf8');
  return { body, etag: `"sha256-${createHash('sha256').update(body).digest('base64url')}"` };
}
