/**
 * Whether the path of a URI has a `.` or `..` segment, also when dots, slashes or backslashes are percent-encoded.
 * A server that decodes a variable and uses it as a path would leave its folder, so no template matches such a URI.
 */
export function climbs(uri: string): boolean {
  let dots = 0;
  let others = false;
  const scheme = uri.indexOf(':');
  for (let at = scheme + 1; at <= uri.length; at += 1) {
    let char = uri[at];
    if (char === '%') {
      const decoded = decodeSpecial(uri, at);
      if (decoded !== undefined) {
        char = decoded;
        at += 2;
      }
    }
    const isEnd = char === undefined || char === '?' || char === '#';
    if (isEnd || char === '/' || char === '\\') {
      if (!others && (dots === 1 || dots === 2)) return true;
      if (isEnd) return false;
      dots = 0;
      others = false;
    } else if (char === '.') dots += 1;
    else others = true;
  }
  return false;
}

function decodeSpecial(uri: string, at: number): string | undefined {
  switch (uri.slice(at + 1, at + 3).toLowerCase()) {
    case '2e':
      return '.';
    case '2f':
      return '/';
    case '5c':
      return '\\';
    default:
      return undefined;
  }
}
