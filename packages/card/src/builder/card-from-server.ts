import type { McpServerFactory } from '@modelcontextprotocol/server';
import { cardFromListing, type BuiltCard, type CardFromListingOptions } from './card-from-listing.ts';
import { listServer, type ListRegisteredOptions } from './list-registered.ts';

export interface CardFromServerOptions extends CardFromListingOptions, ListRegisteredOptions {}

/**
 * A card for what a server registers, which a person finishes. Scopes come from `_meta["dev.sallyport/access"]` of a tool, resource, template
 * or prompt (a rule or a list of scopes), else from the `securitySchemes` of a tool, else from the SDK's `scopeChallenge`. Where nothing says
 * who may use a target, its rule has `scopes: null`: no server starts with such a card until somebody decides.
 *
 * Throws `SetupError`: as `listRegistered`, and `ERR_CARD_INVALID` when there is no name for the card.
 */
export async function cardFromServer(
  buildServer: McpServerFactory,
  options: CardFromServerOptions = {},
): Promise<BuiltCard> {
  return cardFromListing(await listServer(buildServer, options), options);
}
