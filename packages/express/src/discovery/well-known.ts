import { aiCatalog, apiCatalog, mediaTypes, publishedCard, serializeDocument, type Card } from '@sallyport/card';
import type { SallyportConfig } from '@sallyport/config';
import type { JsonObject } from '@sallyport/core';
import {
  authorizationServers,
  protectedResourceMetadata,
  resourceMetadataPaths,
  resourceMetadataUrl,
} from '@sallyport/token';
import type { RequestHandler } from 'express';
import { readRequestTarget } from '../network/request-target.ts';
import { serveDocument, type PublicDocument } from './document.ts';

/** Serves every discovery document of a server. Everything in them comes from the configuration and the card. */
export function createWellKnown(config: SallyportConfig, card: Card): RequestHandler {
  const documents = discoveryDocuments(config, card);
  return (req, res, next) => {
    const found = documents.get(readRequestTarget(req.originalUrl).path);
    if (found === undefined) next();
    else serveDocument(found, req, res);
  };
}

/** The documents by exact path. */
function discoveryDocuments(config: SallyportConfig, card: Card): ReadonlyMap<string, PublicDocument> {
  const { resource } = config;
  const { origin, pathname } = new URL(resource);
  const cardPath = `${pathname === '/' ? '' : pathname}/server-card`;
  const cardUrl = `${origin}${cardPath}`;
  const cardDocument = document(mediaTypes.serverCard, publishedCard(card, { publish: config.publish, resource }));
  const metadata = document(
    'application/json',
    protectedResourceMetadata({
      resource,
      authorizationServers: authorizationServers(config.issuers),
      ...(config.signInScopes.length > 0 && { scopesSupported: config.signInScopes }),
      ...(card.title !== undefined && { resourceName: card.title }),
      dpop: config.dpop,
      certificateBound: config.clientCertificate !== undefined,
    }),
  );
  return new Map([
    [cardPath, cardDocument],
    ['/.well-known/mcp/server-card.json', cardDocument],
    ['/.well-known/ai-catalog.json', document(mediaTypes.aiCatalog, aiCatalog(card, { cardUrl }))],
    [
      '/.well-known/api-catalog',
      document(mediaTypes.apiCatalog, apiCatalog({ resource, cardUrl, metadataUrl: resourceMetadataUrl(resource) })),
    ],
    ...resourceMetadataPaths(resource).map((path) => [path, metadata] as const),
  ]);
}

function document(contentType: string, content: object): PublicDocument {
  return { contentType, ...serializeDocument(content as JsonObject) };
}
