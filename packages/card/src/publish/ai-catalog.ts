import type { JsonObject } from '@sallyport/core';
import type { Card } from '../card/card.ts';
import { mediaTypes } from './media-types.ts';

export interface AiCatalogOptions {
  /** Absolute URL the card is served at. */
  readonly cardUrl: string;
}

/**
 * An AI Catalog (specVersion 1.0) with one entry: the Server Card of this server. The identifier turns the reverse-DNS name of the card
 * around: `com.example/weather` becomes `urn:air:example.com:mcp:weather`.
 */
export function aiCatalog(card: Card, { cardUrl }: AiCatalogOptions): JsonObject {
  const [namespace = '', name = ''] = card.name.split('/');
  const publisher = namespace.toLowerCase().split('.').toReversed().join('.');
  return {
    specVersion: '1.0',
    entries: [
      {
        identifier: `urn:air:${publisher}:mcp:${name}`,
        type: mediaTypes.serverCard,
        displayName: card.title ?? card.name,
        url: cardUrl,
      },
    ],
  };
}
