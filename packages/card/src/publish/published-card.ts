import { isJsonObject, type JsonObject, type JsonValue } from '@sallyport/core';
import { bareObject } from '../card/bare-object.ts';
import { accessKey, type Card } from '../card/card.ts';
import { publicPolicy } from './public-policy.ts';

export interface PublishedCardOptions {
  /** `full`: with the policy that everybody may read. `identity`: without any policy. */
  readonly publish: 'full' | 'identity';
  /** The resource identifier: absolute URL of the MCP endpoint, from the configuration. Names the endpoint when the card does not. */
  readonly resource?: string;
  /** Protocol versions the endpoint serves, for `remotes` when the card has none. */
  readonly protocolVersions?: readonly string[];
}

const order = ['$schema', 'name', 'title', 'description', 'version', 'websiteUrl', 'repository', 'icons', 'remotes'];

/**
 * The card as the world may read it, valid against SEP-2127 v1. With `full` it carries the access policy in `_meta` and the top-level
 * lists `tools`, `resources`, `prompts`, `scopes` and `transports`; with `identity` neither. Hidden targets, scopes that only they use,
 * conditions, sensitive pointers and audit settings are in neither. The order of members depends on the card only.
 *
 * The published policy is a description, not a policy: `loadCard` refuses a document that was published with `full`.
 */
export function publishedCard(card: Card, options: PublishedCardOptions): JsonObject {
  const { document } = card;
  const result = bareObject();
  const rest = Object.keys(document).filter((key) => !order.includes(key) && key !== '_meta');
  for (const key of [...order, ...rest]) {
    const value = key === 'remotes' ? (document[key] ?? ownRemote(options)) : document[key];
    if (value !== undefined) result[key] = value;
  }
  const meta = bareObject();
  const ownMeta = document['_meta'];
  if (isJsonObject(ownMeta))
    for (const key of Object.keys(ownMeta)) if (key !== accessKey) meta[key] = ownMeta[key] ?? null;
  if (options.publish === 'full') {
    const { access, lists } = publicPolicy(card.access);
    Object.assign(result, lists, { transports: transports(result['remotes']) });
    meta[accessKey] = access;
  }
  if (Object.keys(meta).length > 0) result['_meta'] = meta;
  return result;
}

function ownRemote({ resource, protocolVersions }: PublishedCardOptions): JsonValue | undefined {
  if (resource === undefined) return undefined;
  return [
    {
      type: 'streamable-http',
      url: resource,
      ...(protocolVersions && { supportedProtocolVersions: protocolVersions }),
    },
  ];
}

function transports(remotes: JsonValue | undefined): JsonValue {
  if (!Array.isArray(remotes)) return [];
  return remotes.filter(isJsonObject).map((remote) => ({ type: remote['type'] ?? null, url: remote['url'] ?? null }));
}
