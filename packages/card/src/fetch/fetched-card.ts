import type { JsonObject } from '@sallyport/core';

/** An endpoint that a fetched card names. */
export interface FetchedRemote {
  readonly type: 'streamable-http' | 'sse';
  /** As the card has it: a URL, or a template with `{variables}`. */
  readonly url: string;
  /** Absent: the card does not say. */
  readonly supportedProtocolVersions?: readonly string[];
}

/** Names in the lists of a card that was published in full. */
export interface FetchedLists {
  readonly tools: readonly string[];
  /** URIs and templates. */
  readonly resources: readonly string[];
  readonly prompts: readonly string[];
  readonly scopes: readonly string[];
}

/**
 * A Server Card that came from somewhere else. It is a claim of whoever sent it: good for showing and for finding a server, never for
 * deciding who may do what. It is no `Card` and can not become one; `createAuthorizer` does not take it.
 */
export interface FetchedCard {
  readonly kind: 'fetched';
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly title?: string;
  readonly remotes: readonly FetchedRemote[];
  /** Absent in a card that was published without its policy. */
  readonly lists?: FetchedLists;
  /** The document as it was received, deeply frozen, its objects without prototypes. */
  readonly document: JsonObject;
  /** Never there: what a fetched card says of access is not believed. */
  readonly access?: never;
  /** Never there, as `access`. */
  readonly policy?: never;
}

/** Where a card was found: by an AI Catalog, at the well-known location, below its endpoint, or at the very URL that was given. */
export type CardVia = 'ai-catalog' | 'well-known' | 'endpoint' | 'url';

/** Something that is wrong with a fetched card, or that its reader should know. */
export interface FetchFinding {
  readonly finding:
    | 'not-json'
    | 'invalid'
    | 'media-type'
    | 'redirected'
    | 'catalog'
    | 'other-origin'
    | 'no-endpoint'
    | 'other-endpoint'
    | 'insecure-endpoint'
    | 'lists-contradict';
  /** `fail`: the card is wrong. `warn`: it may be right, but somebody should look. */
  readonly level: 'fail' | 'warn';
  /** JSON pointer (RFC 6901) into the document at the result's `url`; empty for the whole. */
  readonly pointer: string;
  readonly problem: string;
}

/** A card, where it was, and what is wrong with it. Everything in it is untrusted text: escape it before a terminal or a page shows it. */
export interface FetchedServerCard {
  /** Absent when the document is no Server Card; `findings` say why. */
  readonly card: FetchedCard | undefined;
  /** Where the document was, after redirects. */
  readonly url: string;
  readonly via: CardVia;
  /** The validator of the document at `url`. */
  readonly etag: string | undefined;
  /** The endpoint that was asked for, when it was one. */
  readonly endpoint: string | undefined;
  readonly findings: readonly FetchFinding[];
}
