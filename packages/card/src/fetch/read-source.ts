import { SetupError } from '@sallyport/core';

/** What somebody wants the card of. */
export interface CardSource {
  /** `domain`: whatever serves there. `endpoint`: the MCP endpoint at this URL, or a card. `card`: the document at this URL. */
  readonly kind: 'domain' | 'endpoint' | 'card';
  readonly url: URL;
}

const maxLength = 2048;

/**
 * Reads a domain (`example.com`, with or without port) or a URL. Without a scheme it is https. A URL without a path is a domain; one that
 * ends in `/server-card` or `.json` is the card itself; any other is an endpoint.
 *
 * @throws SetupError `ERR_CARD_FETCH`
 */
export function readSource(source: string | URL): CardSource {
  const text = String(source);
  const url = text.length <= maxLength ? parse(text.includes('://') ? text : `https://${text}`) : undefined;
  if (url === undefined) throw wrongSource('is neither a domain nor a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrongSource('must be an https URL');
  if (url.username !== '' || url.password !== '') throw wrongSource('must not contain credentials');
  if (url.hash !== '') throw wrongSource('must not have a fragment');
  if (url.pathname === '/' && url.search === '') return { kind: 'domain', url };
  const isDocument = url.pathname.endsWith('/server-card') || url.pathname.endsWith('.json') || url.search !== '';
  return { kind: isDocument ? 'card' : 'endpoint', url };
}

function parse(text: string): URL | undefined {
  // White space and control characters would be dropped or encoded silently.
  if (/[^\x21-\x7e\u00a1-\uffff]/.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text);
}

/** What was given is not repeated: it may hold a password. */
function wrongSource(problem: string): SetupError {
  return new SetupError({
    code: 'ERR_CARD_FETCH',
    problem: `what the card is wanted of ${problem}`,
    remedy: 'give a domain such as example.com, or the https URL of an MCP endpoint or of a card',
  });
}
