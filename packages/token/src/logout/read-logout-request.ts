import { isUtf8 } from 'node:buffer';
import { refuse } from '../refuse.ts';

/**
 * Takes the logout token out of the body of a back-channel logout request (OpenID Connect Back-Channel Logout 1.0 §2.5): exactly one
 * `logout_token`. Other values are ignored, as the specification wants it.
 *
 * Throws `Refusal` `logout_invalid`.
 */
export function readLogoutRequest(body: Uint8Array): string {
  if (!isUtf8(body)) throw refuse('logout_invalid', 'the body is not UTF-8');
  const [token, second] = new URLSearchParams(Buffer.from(body).toString('utf8')).getAll('logout_token');
  if (token === undefined || token === '') throw refuse('logout_invalid', 'there is no logout_token');
  if (second !== undefined) throw refuse('logout_invalid', 'there is more than one logout_token');
  return token;
}
