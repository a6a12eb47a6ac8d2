/** The request target of RFC 9112 §3.2, as far as it is served here. */
export interface RequestTarget {
  /** Host and port of an absolute-form target; `null` for origin-form, where the Host header decides. */
  readonly authority: string | null;
  /** Path exactly as sent: not decoded, not normalised. Empty when the form is not served. */
  readonly path: string;
}

/** Splits a request target without decoding anything: what is not written exactly like the endpoint is not the endpoint. */
export function readRequestTarget(url: string): RequestTarget {
  if (url.startsWith('/')) return { authority: null, path: withoutQuery(url) };
  const scheme = url.slice(0, 8).toLowerCase();
  const length = scheme.startsWith('http://') ? 7 : scheme === 'https://' ? 8 : 0;
  if (length === 0) return { authority: null, path: '' };
  const slash = url.indexOf('/', length);
  if (slash < 0) return { authority: url.slice(length), path: '/' };
  return { authority: url.slice(length, slash), path: withoutQuery(url.slice(slash)) };
}

function withoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}
