/** Takes credentials out of a text. */
export type Scrub = (text: string) => string;

/** What is shorter is found in texts that have nothing to do with it. */
const leastLength = 4;

/**
 * A receiver may repeat in its answer what it was sent; a credential must not get into the log that way. Finds each value as it is, and as
 * JSON, HTML, URLs and forms write it. The text must be whole: half a credential is not found.
 */
export function createScrubber(values: readonly string[]): Scrub {
  const found = values.flatMap((value) => [value, ...value.split(' ')]).filter(({ length }) => length >= leastLength);
  // The longest first, so that no part of it is left over.
  const secrets = [...new Set(found.flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  return (text) => secrets.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '[redacted]'), text);
}

/** The values behind a header, which a receiver that reads it may repeat. */
export function headerSecrets(value: string): readonly string[] {
  const [scheme, encoded] = value.split(' ');
  if (scheme?.toLowerCase() !== 'basic' || encoded === undefined) return [value];
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return [value, pair, pair.slice(pair.indexOf(':') + 1)];
}

/** What of an endpoint may be a secret: its path and query, whole, and the longer parts of them. */
export function endpointSecrets({ href, pathname, search }: URL): readonly string[] {
  const query = search.slice(1);
  const fields = query.split('&').map((field) => field.slice(field.indexOf('=') + 1));
  // Such parts as "services" and "v1" are words.
  const parts = [...pathname.split('/').filter(({ length }) => length > 8), ...fields];
  const all = [href, `${pathname}${search}`, pathname, query, ...parts].filter(({ length }) => length > leastLength);
  return all.flatMap((text) => [text, decoded(text)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function formsOf(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  return [
    text,
    json,
    json.replaceAll('/', '\\/'),
    json.replaceAll(/[&<>]/g, (sign) => `\\u00${hexOf(sign)}`),
    JSON.stringify(json).slice(1, -1),
    url,
    url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    url.replaceAll('%20', '+'),
    html(text, '&#39;'),
    html(text, '&#x27;'),
    html(text, "'"),
  ];
}

function html(text: string, apostrophe: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll('"', '&quot;').replaceAll("'", apostrophe);
}

function hexOf(sign: string): string {
  return sign.charCodeAt(0).toString(16);
}
