/**
 * Whether the path of a URI has a `.` or `..` segment, also when dots, slashes or backslashes are percent-encoded.
 * A server that decodes a variable and uses it as a path would leave its folder, so no template matches such a URI.
 */
export function climbs(uri: string): boolean {
  const end = uri.search(/[?#]/);
  const path = uri.slice(uri.indexOf(':') + 1, end === -1 ? undefined : end);
  const decoded = path.replaceAll(/%2e/gi, '.').replaceAll(/%2f|%5c|\\/gi, '/');
  return decoded.split('/').some((segment) => segment === '.' || segment === '..');
}
