import { holdsCredential } from '../audit/recorded-text.ts';
import { Refusal } from '../errors/refusal.ts';
import { boundedText } from '../text/bounded-text.ts';
import type { Era } from './mcp-call.ts';
import { protocolVersions } from './protocol-versions.ts';

const maxNote = 128;

/** The refusal of headers that do not say what the body says. What both said goes into the record only. */
export function headerMismatch(
  header: string,
  sent: readonly string[],
  body: string | undefined,
  rpcCode?: number,
): Refusal {
  const detail = {
    header,
    sent: sent.slice(0, 4).map(quoted),
    body: body === undefined ? null : quoted(body),
  };
  return new Refusal('header_mismatch', { detail, ...(rpcCode !== undefined && { rpcCode }) });
}

/** The refusal of a revision that is not served; a caller learns which are (`UnsupportedProtocolVersionError`). */
export function unsupportedVersion(era: Era, requested: string): Refusal {
  return new Refusal('unsupported_version', {
    data: { supported: protocolVersions[era], requested: boundedText(requested, maxNote) },
    detail: { requested: quoted(requested) },
  });
}

/** The refusal of parameters of the wrong type: −32602 on HTTP 400. */
export function invalidParams(detail: string): Refusal {
  return new Refusal('malformed_rpc', { rpcCode: -32_602, detail });
}

// Looked at before it is cut: the beginning of a token no longer looks like one.
function quoted(text: string): string {
  return holdsCredential(text, maxNote) ? '(looks like a credential)' : boundedText(text, maxNote);
}
