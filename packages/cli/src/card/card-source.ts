import { loadCard, type Card } from '@sallyport/card';
import { loadConfig, type SallyportConfig } from '@sallyport/config';
import { SetupError } from '@sallyport/core';
import type { CommandIo } from '../terminal/command-io.ts';

/** The two ways to name a card. */
export interface CardSource {
  readonly card: string | undefined;
  readonly config: string | undefined;
}

/** A card and the configuration that names it, if there is one. */
export interface SourcedCard {
  readonly card: Card;
  readonly config: SallyportConfig | undefined;
}

/**
 * The card that a command is about.
 *
 * @throws SetupError `ERR_CLI_USAGE`, and what is wrong with the card or the configuration.
 */
export async function readCardSource({ card, config: file }: CardSource, env: CommandIo['env']): Promise<SourcedCard> {
  if ((card === undefined) === (file === undefined)) {
    throw new SetupError({
      code: 'ERR_CLI_USAGE',
      problem: card === undefined ? 'no card is named' : 'both a card and a config are named',
      remedy: 'name one of them, with --card or --config',
    });
  }
  if (card !== undefined) return { card: await loadCard(card), config: undefined };
  const config = await loadConfig(file ?? '', { env });
  return { card: await loadCard(config.card, { file: file ?? '', pointer: '/card' }), config };
}
