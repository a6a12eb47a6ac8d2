import { allowInsecureRequests, Configuration, customFetch, tokenIntrospection } from 'openid-client';
import { parseClaims, type Claims } from '../jwt/decode-jwt.ts';
import { FetchProblem, type FetchedDocument } from '../keys/fetch-document.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { IntrospectionProblem } from './introspection-problem.ts';

const SIGNED = 'application/token-introspection+jwt';
const PLAIN = 'application/json';

/** One form post, as the client library wants it sent. */
export interface IntrospectionRequest {
  readonly url: URL;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly accept: string;
}

export interface AskIssuerOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientAuthentication: ClientAuthentication;
  /** Algorithms of signed answers. */
  readonly algorithms: readonly string[];
  /** Verifies a signed answer and gives its content; rejects with `IntrospectionProblem`. Absent: plain answers are asked for. */
  readonly readSigned: ((jwt: string) => Promise<Claims>) | undefined;
  /** Sends the request and reads the answer within bounds; rejects with `FetchProblem`. */
  post(request: IntrospectionRequest): Promise<FetchedDocument>;
}

/**
 * Asks an issuer about a token (RFC 7662 §2) and gives the whole answer, `active` being a boolean. The library makes the request and has
 * its own look at the answer; what counts is our strict reading of the same bytes.
 *
 * Rejects with `IntrospectionProblem`.
 */
export async function askIssuer(token: string, endpoint: URL, options: AskIssuerOptions): Promise<Claims> {
  const { issuer, clientId, algorithms, readSigned } = options;
  const metadata = {
    issuer,
    introspection_endpoint: endpoint.href,
    introspection_signing_alg_values_supported: [...algorithms],
  };
  const configuration = new Configuration(metadata, clientId, undefined, await options.clientAuthentication());
  // oxlint-disable-next-line typescript/no-deprecated -- deprecated only as a warning; http got this far on loopback, in tests
  if (endpoint.protocol === 'http:') allowInsecureRequests(configuration);
  // The time is bounded from outside, together with everything else that belongs to a question.
  configuration.timeout = 0;

  let answer: Claims | undefined;
  let failure: unknown;
  configuration[customFetch] = async (url, { body, headers }) => {
    try {
      const accept = readSigned === undefined ? PLAIN : SIGNED;
      const document = await options.post({
        url: new URL(url),
        body: body instanceof URLSearchParams ? body.toString() : '',
        headers,
        accept,
      });
      checkStatus(document);
      answer = await readAnswer(document, readSigned);
      return new Response(new Uint8Array(document.body), { headers: { 'content-type': document.mediaType } });
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  try {
    await tokenIntrospection(configuration, token, { token_type_hint: 'access_token' });
  } catch (error) {
    throw asProblem(failure ?? error, readSigned !== undefined);
  }
  if (typeof answer?.['active'] !== 'boolean') throw unreadable('active is not a boolean');
  return answer;
}

/**
 * RFC 7662 §2.3: anything but 200 is about the question, so it never says that the token is bad. But the issuer, or a firewall before it,
 * may have refused the question because of the token in it: only 401 is about our credentials, 429 about load, 5xx about the endpoint.
 */
function checkStatus({ status, retryAfter }: FetchedDocument): void {
  if (status === 200) return;
  const message = `answered ${status}`;
  if (status === 429 || status === 503) {
    const blame = status === 429 ? 'load' : 'endpoint';
    throw new IntrospectionProblem('idp_unavailable', message, { blame, retryAfterMs: readRetryAfter(retryAfter) });
  }
  if (status >= 500) throw new IntrospectionProblem('idp_unavailable', message);
  throw new IntrospectionProblem('idp_misconfigured', message, { blame: status === 401 ? 'credentials' : 'token' });
}

async function readAnswer(
  { mediaType, body }: FetchedDocument,
  readSigned: AskIssuerOptions['readSigned'],
): Promise<Claims> {
  if (readSigned !== undefined) {
    if (mediaType !== SIGNED)
      throw new IntrospectionProblem('introspection_invalid', 'the answer is not signed', { blame: 'token' });
    return readSigned(body.toString('latin1'));
  }
  if (mediaType !== PLAIN) throw unreadable('the answer is not JSON by its Content-Type');
  try {
    return parseClaims(body, 'payload');
  } catch {
    throw unreadable('the answer is not one strict JSON object');
  }
}

function unreadable(message: string): IntrospectionProblem {
  return new IntrospectionProblem('idp_unavailable', message, { blame: 'token' });
}

function asProblem(error: unknown, signed: boolean): IntrospectionProblem {
  if (error instanceof IntrospectionProblem) return error;
  if (error instanceof FetchProblem)
    return new IntrospectionProblem('idp_unavailable', error.message, { blame: error.answered ? 'token' : 'endpoint' });
  // What the library has against an answer that we could read; its words stay here.
  return signed
    ? new IntrospectionProblem('introspection_invalid', 'the signed answer is not valid', {
        blame: 'token',
        cause: error,
      })
    : new IntrospectionProblem('idp_unavailable', 'the answer is not valid', { blame: 'token', cause: error });
}

/** Seconds, or a date by the wall clock (RFC 9110 §10.2.3); in milliseconds. */
function readRetryAfter(value: string | undefined): number {
  if (value === undefined) return 0;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}
