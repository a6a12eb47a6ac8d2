import type { Requirement } from './requirement.ts';

/** OpenID Connect Back-Channel Logout 1.0: what binds the receiver of logout tokens. */
export const backChannelLogoutRequirements = {
  'LOGOUT-REQUEST': {
    text: 'A logout request is a POST of a form with one logout_token; other values in it are ignored.',
    source: 'OpenID Connect Back-Channel Logout 1.0 §2.5 (MUST)',
  },
  'LOGOUT-SIGNATURE': {
    text: 'A logout token that is not signed by a key of the issuer with an allowed algorithm is refused, none included.',
    source: 'OpenID Connect Back-Channel Logout 1.0 §2.6 items 2 and 3 (MUST NOT)',
  },
  'LOGOUT-CLAIMS': {
    text: 'A logout token of another issuer, for anybody else, or outside its time is refused.',
    source: 'OpenID Connect Back-Channel Logout 1.0 §2.6 item 4; OpenID Connect Core §3.1.3.7',
  },
  'LOGOUT-SUBJECT': {
    text: 'A logout token without both sub and sid is refused.',
    source: 'OpenID Connect Back-Channel Logout 1.0 §2.6 item 5',
  },
  'LOGOUT-EVENT': {
    text: 'A logout token without the logout event is refused.',
    source: 'OpenID Connect Back-Channel Logout 1.0 §2.6 item 6',
  },
  'LOGOUT-NO-NONCE': {
    text: 'A logout token with a nonce is refused, and so is an ID token or an access token in its place.',
    source: 'OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6 item 7 (MUST NOT), §4.1',
  },
  'LOGOUT-REPLAY': {
    text: 'A logout token is accepted once.',
    source: 'OpenID Connect Back-Channel Logout 1.0 §2.6 item 8, §4',
  },
  'LOGOUT-ACTIONS': {
    text: 'A logout ends the session it names; without a session, every session the user has until then.',
    source: 'OpenID Connect Back-Channel Logout 1.0 §2.4, §2.7',
  },
  'LOGOUT-RESPONSE': {
    text: 'A logout that succeeded is 200, one that is invalid or failed 400, and neither answer may be cached.',
    source: 'OpenID Connect Back-Channel Logout 1.0 §2.8 (MUST, SHOULD)',
  },
  'LOGOUT-OFF': {
    text: 'Without a configured issuer nothing is served at the logout URL.',
    source: 'Design, tokens',
  },
  'LOGOUT-LIMITED': {
    text: 'Logout requests count for the rate limit by address, before any cryptography.',
    source: 'The walk, station 3; RFC 6585 §4',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
