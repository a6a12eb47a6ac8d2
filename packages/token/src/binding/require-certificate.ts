import { hash } from 'node:crypto';
import { Refusal } from '@sallyport/core';
import type { PresentedToken } from '../authenticator/presented-token.ts';
import { refuse } from '../refuse.ts';

/**
 * Checks that a request came with the certificate its token is bound to (RFC 8705 §3). The certificate itself is judged by whoever ended
 * the TLS connection: here only its bytes count.
 *
 * Throws `Refusal` `binding_mismatch`; `untrusted_header`, which looks the same to the caller, when a certificate was sent by somebody
 * who may not say what certificate a client has.
 */
export function requireCertificate({ certificate, certificateProblem }: PresentedToken, thumbprint: string): void {
  if (certificate !== undefined) {
    if (hash('sha256', certificate, 'base64url') === thumbprint) return;
    throw refuse('binding_mismatch', 'the client certificate is another than the one of the token');
  }
  if (certificateProblem === 'untrusted') {
    throw new Refusal('untrusted_header', {
      shownAs: 'binding_mismatch',
      detail: { problem: 'a client certificate was named by somebody who is not a trusted proxy' },
    });
  }
  throw refuse(
    'binding_mismatch',
    certificateProblem === 'malformed'
      ? 'the header with the client certificate is malformed'
      : 'there is no client certificate',
  );
}
