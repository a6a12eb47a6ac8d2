import {
  aiCatalog,
  apiCatalog,
  apiCatalogLink,
  mediaTypes,
  publishedCard,
  serializeDocument,
  type Card,
} from '@sallyport/card';
import type { SallyportConfig } from '@sallyport/config';
import { Refusal, type JsonObject } from '@sallyport/core';
import {
  authorizationServers,
  protectedResourceMetadata,
  resourceMetadataPaths,
  resourceMetadataUrl,
} from '@sallyport/token';
import type { RequestHandler } from 'express';
import { refuse } from '../answer/refuse.ts';
import { addressBlock } from '../network/client-address.ts';
import { readRequestTarget } from '../network/request-target.ts';
import { requireLimit } from '../stations/limit.ts';
import { openPassage } from '../stations/record.ts';
import type { Runtime } from '../suite/runtime.ts';
import { openToEveryOrigin, serveDocument, type PublicDocument } from './document.ts';

/**
 * Serves every discovery document of a server. Everything in them comes from the configuration and the card, nothing from the request,
 * so every process with the same configuration serves the same bytes. They are public and leave no record, but they count towards the
 * limit of their address; beyond it the answer is 429 and one record.
 */
export function createWellKnown(runtime: Runtime, card: Card): RequestHandler {
  const documents = discoveryDocuments(runtime.config, card);
  return (req, res, next) => {
    const found = documents.get(readRequestTarget(req.originalUrl).path);
    if (found === undefined) {
      next();
      return;
    }
    requireLimit(runtime.addressLimiter, addressBlock(runtime.clientAddress(req)))
      .then(
        () => serveDocument(found, req, res),
        (error: unknown) => {
          openToEveryOrigin(res);
          const passage = openPassage(runtime, req, res);
          const refusal = error instanceof Refusal ? error : new Refusal('internal_error', { cause: error });
          if (passage !== undefined) refuse(passage, refusal, req, res);
        },
      )
      .catch(next);
  };
}

/** The documents by exact path. */
function discoveryDocuments(config: SallyportConfig, card: Card): ReadonlyMap<string, PublicDocument> {
  const { resource } = config;
  const { origin, pathname } = new URL(resource);
  const cardPath = `${pathname === '/' ? '' : pathname}/server-card`;
  const cardUrl = `${origin}${cardPath}`;
  const metadataUrl = resourceMetadataUrl(resource);
  const cardDocument = document(mediaTypes.serverCard, publishedCard(card, { publish: config.publish, resource }));
  const metadata = protectedResourceMetadata({
    resource,
    authorizationServers: authorizationServers(config.issuers),
    ...(config.signInScopes.length > 0 && { scopesSupported: config.signInScopes }),
    ...(card.title !== undefined && { resourceName: card.title }),
    dpop: config.dpop,
    certificateBound: config.clientCertificate !== undefined,
  });
  // RFC 9728 §3.2 knows one media type. A client that can not accept it could not sign in, so it is not asked.
  const metadataDocument: PublicDocument = {
    contentType: json,
    ...serializeDocument(metadata as object as JsonObject),
  };
  return new Map([
    [cardPath, cardDocument],
    ['/.well-known/mcp/server-card.json', cardDocument],
    ['/.well-known/ai-catalog.json', document(mediaTypes.aiCatalog, aiCatalog(card, { cardUrl }))],
    [
      '/.well-known/api-catalog',
      {
        ...document(mediaTypes.apiCatalog, apiCatalog({ resource, cardUrl, metadataUrl })),
        link: apiCatalogLink({ resource }),
      },
    ],
    ...resourceMetadataPaths(resource).map((path) => [path, metadataDocument] as const),
  ]);
}

const json = 'application/json';

/** A document that is also sent as plain JSON, to whoever asks for that. */
function document(contentType: string, content: JsonObject): PublicDocument {
  return { contentType, alternatives: [json], ...serializeDocument(content) };
}
