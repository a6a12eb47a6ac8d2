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
      { anchor: catalogUrl(resource), item: [{ href: resource }] },
      {
        anchor: resource,
        'service-desc': [{ href: cardUrl, type: mediaTypes.serverCard }],
        'service-meta': [{ href: metadataUrl, type: 'application/json' }],
      },
    ],
  };
}

/**
 * The `Link` header field that answers a HEAD request for the catalog (RFC 9727 §2, §3): which catalog it is, and the endpoint as its
 * item. Sent with GET, too.
 */
export function apiCatalogLink({ resource }: Pick<ApiCatalogOptions, 'resource'>): string {
  return `<${catalogUrl(resource)}>; rel="api-catalog", <${new URL(resource).href}>; rel="item"`;
}

function catalogUrl(resource: string): string {
  return new URL('/.well-known/api-catalog', resource).href;
}
