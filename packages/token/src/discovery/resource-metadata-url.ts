const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/**
 * The URL of the metadata of a protected resource: the well-known part goes between the host and the path (RFC 9728 §3.1).
 * `https://mcp.example.com/mcp` gives `https://mcp.example.com/.well-known/oauth-protected-resource/mcp`. The rest is kept byte for byte.
 */
export function resourceMetadataUrl(resource: string): string {
  const { origin, rest } = split(resource);
  return origin + WELL_KNOWN + rest;
}

/** The paths at which the metadata is served: the one of `resourceMetadataUrl`, and the root, where clients look next. */
export function resourceMetadataPaths(resource: string): string[] {
  const { rest } = split(resource);
  const query = rest.indexOf('?');
  const path = query === -1 ? rest : rest.slice(0, query);
  return path === '' ? [WELL_KNOWN] : [WELL_KNOWN + path, WELL_KNOWN];
}

/** Splits after the authority without normalising anything; a path that is only `/` counts as none. */
function split(resource: string): { origin: string; rest: string } {
  const scheme = resource.indexOf('://');
  const from = scheme === -1 ? 0 : scheme + 3;
  let end = from;
  while (end < resource.length && resource[end] !== '/' && resource[end] !== '?' && resource[end] !== '#') end += 1;
  const fragment = resource.indexOf('#', end);
  const rest = resource.slice(end, fragment === -1 ? resource.length : fragment);
  return { origin: resource.slice(0, end), rest: rest === '/' ? '' : rest.startsWith('/?') ? rest.slice(1) : rest };
}
