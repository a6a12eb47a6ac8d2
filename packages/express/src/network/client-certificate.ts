import type { IncomingMessage } from 'node:http';
import { readClientCertificate } from '@sallyport/token';
import { fieldLines } from './raw-headers.ts';

/** What a request says of the client certificate. */
export interface CertificateReading {
  readonly certificate?: Uint8Array;
  readonly certificateProblem?: 'untrusted' | 'malformed';
  /** Headers that named a certificate and were not believed, in lower case. */
  readonly ignored: readonly string[];
}

/** Headers in which proxies name a client certificate. Whichever of them is not the configured one is never believed. */
const certificateHeaders: readonly string[] = ['client-cert', 'x-client-cert', 'x-forwarded-client-cert'];

const none: CertificateReading = Object.freeze({ ignored: [] });

/**
 * Reads the client certificate that a proxy passed on (RFC 9440).
 *
 * @param header the configured header in lower case; `undefined` when no certificate is believed
 * @param fromProxy whether the request comes straight from a trusted proxy
 */
export function certificateOf(
  req: IncomingMessage,
  header: string | undefined,
  fromProxy: boolean,
): CertificateReading {
  const believed = fromProxy ? header : undefined;
  const named = new Set(header === undefined ? certificateHeaders : [header, ...certificateHeaders]);
  const ignored = [...named].filter((name) => name !== believed && req.headers[name] !== undefined);
  const lines = believed === undefined ? [] : fieldLines(req, believed);
  if (lines.length === 0) return ignored.length === 0 ? none : { certificateProblem: 'untrusted', ignored };
  const certificate = readClientCertificate(lines);
  return certificate === undefined ? { certificateProblem: 'malformed', ignored } : { certificate, ignored };
}
