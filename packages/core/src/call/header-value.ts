const prefix = '=?base64?';
const suffix = '?=';

/** Longest Base64 payload in characters. */
const maxPayloadLength = 8_192;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** True when a field value holds only what MCP lets stand there unencoded: visible ASCII, space and tab. */
export function isPlainHeaderValue(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if ((code < 0x20 && code !== 0x09) || code > 0x7e) return false;
  }
  return true;
}

/**
 * The text an `Mcp-Name` field value stands for (MCP 2026-07-28, streamable HTTP, value encoding): itself, or what is
 * inside `=?base64?…?=`. The payload must be canonical: standard alphabet, padded, no bits left over, not empty, at most
 * 8,192 characters, UTF-8. The marker is case-sensitive; another spelling is a literal value.
 *
 * `undefined` when the value is invalid.
 */
export function decodeHeaderValue(value: string): string | undefined {
  if (!isPlainHeaderValue(value)) return undefined;
  if (!value.startsWith(prefix) || !value.endsWith(suffix)) return value;
  const payload = value.slice(prefix.length, -suffix.length);
  if (payload === '' || payload.length > maxPayloadLength) return undefined;
  const bytes = Buffer.from(payload, 'base64');
  // Node's decoder skips what it does not know; only canonical text comes back the same.
  if (bytes.toString('base64') !== payload) return undefined;
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
