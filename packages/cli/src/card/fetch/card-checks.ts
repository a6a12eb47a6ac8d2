import type { CardDifference, FetchedServerCard, FetchFinding } from '@sallyport/card';
import { pass, type Finding } from '../../doctor/finding.ts';

/** A finding of `card fetch`, with what machines tell it by. */
export interface CardCheck extends Finding {
  /** Stable name of the kind of finding. */
  readonly finding?: string;
  /** JSON pointer into the document. */
  readonly pointer?: string;
}

/** What is right and wrong with the document. */
export function documentChecks({ card, findings }: FetchedServerCard): readonly CardCheck[] {
  const found = findings.map((one): CardCheck => {
    const { finding, level, pointer, problem } = one;
    return {
      check: 'card',
      status: level,
      what: pointer === '' ? problem : `${pointer}: ${problem}`,
      remedy: remedies[finding],
      ...(level === 'fail' && { code: 'ERR_CARD_INVALID' as const }),
      finding,
      pointer,
    };
  });
  return card === undefined ? found : [pass('card', 'valid against SEP-2127 v1'), ...found];
}

const remedies: Readonly<Record<FetchFinding['finding'], string>> = {
  'not-json': 'publish strict JSON in UTF-8, every name once in its object',
  invalid: 'correct it: clients that validate the card will not use it',
  'media-type': 'send it as application/mcp-server-card+json',
  redirected: 'serve the card where it is looked for, or name its final URL in the AI Catalog',
  catalog: 'correct /.well-known/ai-catalog.json: clients look there first',
  'other-origin': 'fine when both belong to the same people; else do not trust the card for its name',
  'no-endpoint': 'add "remotes" with the URL of the endpoint',
  'other-endpoint': 'add the endpoint to "remotes", or give the card of this endpoint a place of its own',
  'insecure-endpoint': 'name an https URL',
  'lists-contradict': 'publish the card as it was generated',
};

/** Where the card and the server disagree. */
export function serverChecks(endpoint: URL, differences: readonly CardDifference[]): readonly CardCheck[] {
  const found = differences.map((one): CardCheck => {
    const { about, level, pointer, card, server } = one;
    return {
      check: 'server',
      status: level,
      what: `${pointer}: the card says ${shown(card)}, the server ${shown(server)}`,
      remedy:
        about === 'lists'
          ? 'a server lists what the caller may see, and a card leaves out what is hidden: look whether that is all'
          : 'correct the card, or deploy the server it is about; clients believe the server',
      ...(level === 'fail' && { code: 'ERR_CARD_MISMATCH' as const }),
      finding: about,
      pointer,
    };
  });
  const contradicts = differences.some(({ level }) => level === 'fail');
  return contradicts ? found : [pass('server', `${endpoint.href} says what the card says`), ...found];
}

function shown(text: string): string {
  const one = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return one === '' ? 'nothing' : one;
}
