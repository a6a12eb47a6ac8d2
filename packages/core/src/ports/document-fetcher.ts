/** What is asked of another server: one document, by GET or, with `post`, by POST. */
export interface DocumentRequest {
  /** Value of `Accept`. */
  readonly accept: string;
  /** Ends the request, headers and body alike. */
  readonly signal: AbortSignal;
  /** Longest body that is read, in bytes. */
  readonly maxBytes: number;
  /** Milliseconds until there must be a connection, the look-up of the name and TLS included. Default: as long as `signal` allows. */
  readonly connectTimeoutMs?: number | undefined;
  /** Sent as `If-None-Match`. */
  readonly etag?: string | undefined;
  /** Media types, in lower case and without parameters, whose bodies are read. Default: every type. */
  readonly mediaTypes?: readonly string[] | undefined;
  /** Reads the bodies of other answers than 200, too. Default false. */
  readonly readErrors?: boolean | undefined;
  /** Makes the request a POST with this body and these further header fields. */
  readonly post?: { readonly body: string; readonly headers: Readonly<Record<string, string>> } | undefined;
}

/** What the other server answered. Untrusted, every part of it. */
export interface FetchedDocument {
  /** Any status; the body is read only for 200, or with `readErrors`. */
  readonly status: number;
  /** Empty where it was not read. */
  readonly body: Uint8Array;
  /** Media type in lower case, without parameters; empty when absent. */
  readonly mediaType: string;
  readonly etag: string | undefined;
  /** `max-age` of `Cache-Control`, in seconds. */
  readonly maxAgeSeconds: number | undefined;
  /** The raw `Location` field: where a redirect leads, which nobody followed. */
  readonly location?: string | undefined;
  /** The header fields that have one value, by their names in lower case. */
  readonly headers?: ReadonlyMap<string, string> | undefined;
}

/**
 * Fetches one document from a server that nobody vouches for. It follows no redirect, decodes no content coding, sends no credential but
 * what `post` holds, and judges the address at the moment of connecting. Rejects with `FetchProblem` only.
 */
export type DocumentFetcher = (url: URL, request: DocumentRequest) => Promise<FetchedDocument>;

/** Why a document could not be had, in words for an operator. */
export class FetchProblem extends Error {
  override readonly name = 'FetchProblem';
  /** There was an answer, and it is one that nobody reads; else no answer came. */
  readonly answered: boolean;

  constructor(message: string, options: { readonly answered?: boolean } = {}) {
    super(message);
    this.answered = options.answered ?? false;
  }
}
