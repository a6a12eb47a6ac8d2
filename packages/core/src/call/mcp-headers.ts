/**
 * The headers that mirror an MCP message, each with all its field lines in the order they came: none when it is missing,
 * several when it is duplicated. Values are without surrounding whitespace and not decoded.
 */
export interface McpHeaders {
  /** `MCP-Protocol-Version` */
  readonly protocolVersion: readonly string[];
  /** `Mcp-Method` */
  readonly method: readonly string[];
  /** `Mcp-Name` */
  readonly name: readonly string[];
}

/**
 * Reads the MCP headers from Node's `rawHeaders` (name, value, name, value …), where duplicates are still visible. Names
 * are compared without case (RFC 9110 §5.1), optional whitespace around values is removed (§5.5).
 */
export function readMcpHeaders(rawHeaders: readonly string[]): McpHeaders {
  const protocolVersion: string[] = [];
  const method: string[] = [];
  const name: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const header = rawHeaders[index] as string;
    if (header.length !== 8 && header.length !== 10 && header.length !== 20) continue;
    const value = rawHeaders[index + 1] as string;
    switch (header.toLowerCase()) {
      case 'mcp-protocol-version':
        protocolVersion.push(trimWhitespace(value));
        break;
      case 'mcp-method':
        method.push(trimWhitespace(value));
        break;
      case 'mcp-name':
        name.push(trimWhitespace(value));
        break;
      default:
    }
  }
  return Object.freeze({ protocolVersion, method, name });
}

// Not String.prototype.trim: it would also remove bytes such as 0xA0, which are part of the value.
function trimWhitespace(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isWhitespace(value.charCodeAt(start))) start += 1;
  while (end > start && isWhitespace(value.charCodeAt(end - 1))) end -= 1;
  return value.slice(start, end);
}

function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
