/** `:`, Base64 of the standard alphabet, `:` (RFC 8941 §3.3.5). */
const BYTE_SEQUENCE = /^ *:([A-Za-z\d+/]+={0,2}): *$/;

/**
 * Reads the value of a `Client-Cert` header (RFC 9440 §2.2): one item that is a byte sequence, the DER of the certificate. `lines` are the
 * field lines. `undefined` for everything else: several lines, a list, parameters, PEM, hexadecimal, Base64 that is not canonical. A proxy
 * that serializes by the standard writes none of these (RFC 8941 §4.1.8).
 */
export function readClientCertificate(lines: readonly string[]): Uint8Array | undefined {
  const [line, second] = lines;
  const text = line === undefined || second !== undefined ? undefined : BYTE_SEQUENCE.exec(line)?.[1];
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
