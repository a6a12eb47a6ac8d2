import type { JsonObject } from '@sallyport/core';
import { mediaTypes } from './media-types.ts';

export interface ApiCatalogOptions {
  /** The resource identifier (RFC 9728): the absolute URL of the MCP endpoint. */
  readonly resource: string;
  /** Absolute URL the Server Card is served at. */
  readonly cardUrl: string;
  /** Absolute URL of the protected resource metadata (RFC 9728). */
  readonly metadataUrl: string;
}

/**
 * An API catalog (RFC 9727) as a linkset (RFC 9264): the catalog lists the endpoint as its item, and the endpoint is described by the
 * Server Card (`service-desc`) and the protected resource metadata (`service-meta`, RFC 8631).
 */
export function apiCatalog({ resource, cardUrl, metadataUrl }: ApiCatalogOptions): JsonObject {
  return {
    linkset: [
      { anchor: new URL('/.well-known/api-catalog', resource).href, item: [{ href: resource }] },
      {
        anchor: resource,
        'service-desc': [{ href: cardUrl, type: mediaTypes.serverCard }],
        'service-meta': [{ href: metadataUrl, type: 'application/json' }],
      },
    ],
  };
}
