import type { Requirement } from './requirement.ts';

/** RFC 8705, RFC 9440 and RFC 7800: tokens bound to a certificate of the client. */
export const clientCertificateRequirements = {
  'TOKEN-8705-MATCH': {
    text: 'A token bound to a certificate is accepted only with that very certificate.',
    source: 'RFC 8705 §3 (MUST), §3.1',
  },
  'TOKEN-8705-ERROR': {
    text: 'A certificate that does not match is 401 with error="invalid_token".',
    source: 'RFC 8705 §3 (MUST)',
  },
  'TOKEN-8705-INTROSPECTION': {
    text: 'A token that introspection says is bound to a certificate is held to it like a JWT.',
    source: 'RFC 8705 §3.2',
  },
  'TOKEN-9440-TRUSTED': {
    text: 'A certificate in a header is believed only from a trusted proxy that is the direct peer, and noted in the record otherwise.',
    source: 'RFC 9440 §2.1, §4 (MUST); RFC 8705 §6',
  },
  'TOKEN-9440-FORM': {
    text: 'A certificate in a header is one byte sequence in one field line; every other form is no certificate.',
    source: 'RFC 9440 §2.1, §2.2 (MUST); RFC 8941 §3.3.5',
  },
  'TOKEN-9440-REMOVED': {
    text: 'The header with the certificate never reaches the handler.',
    source: 'RFC 9440 §4',
  },
  'TOKEN-7800-UNKNOWN': {
    text: 'A token bound to something that can not be checked is refused.',
    source: 'RFC 7800 §3.1',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
