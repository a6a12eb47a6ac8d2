import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IssuerOptions } from '../../src/authenticator/issuer-options.ts';
import { createBench, RESOURCE, type Bench } from './authentication.ts';
import { createSigningKey, signRaw, type SigningKey } from './signing-key.ts';
import { json, startTestIssuer, type Answer, type TestIssuer } from './test-issuer.ts';

/** What an issuer was asked. */
export interface Question {
  readonly headers: IncomingMessage['headers'];
  readonly form: URLSearchParams;
}

/** An issuer that answers questions about tokens, as a test wants it. */
export interface IntrospectionIssuer extends TestIssuer {
  readonly key: SigningKey;
  readonly questions: Question[];
  /** What is answered: JSON, or whatever an `Answer` does. */
  say(question: Question): unknown;
  /** The answer about a good token, and changes to it; `undefined` removes a member. */
  about(changes?: Record<string, unknown>): Record<string, unknown>;
}

export const SECRET = 'secret:with/odd characters';

export async function startIntrospectionIssuer(nowSeconds = 1_790_000_000): Promise<IntrospectionIssuer> {
  const key = createSigningKey('ES256', 'k');
  const base = await startTestIssuer([key.jwk]);
  const issuer: IntrospectionIssuer = Object.assign(base, {
    key,
    questions: [] as Question[],
    say: (): unknown => issuer.about(),
    about: (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
      active: true,
      iss: base.url,
      aud: RESOURCE,
      sub: 'user-1',
      client_id: 'client-1',
      scope: 'notes:read echo:call',
      token_type: 'Bearer',
      iat: nowSeconds - 10,
      exp: nowSeconds + 300,
      ...changes,
    }),
  });
  base.answers.set(
    '/.well-known/oauth-authorization-server',
    json(() => ({ issuer: base.url, jwks_uri: base.jwksUri, introspection_endpoint: `${base.url}/introspect` })),
  );
  base.answers.set('/introspect', (request, response) => {
    void readForm(request).then((form) => {
      const question = { headers: request.headers, form };
      issuer.questions.push(question);
      const said = issuer.say(question);
      const answer = typeof said === 'function' ? (said as Answer) : json(() => said);
      answer(request, response);
    });
  });
  return issuer;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return new URLSearchParams(body);
}

/** A server that asks this issuer about every token. */
export function opaqueBench(issuer: TestIssuer, changes: Partial<IssuerOptions> = {}): Bench {
  const introspection = { clientId: 'mcp', clientSecret: SECRET };
  return createBench({
    issuers: [{ issuer: issuer.url, algorithms: ['ES256'], tokens: 'opaque', introspection, ...changes }],
  });
}

/** An answer with a status, and text as its body. */
export function text(
  body: string,
  type = 'application/json',
  code = 200,
  headers: Record<string, string> = {},
): Answer {
  return (_request, response) => {
    response.writeHead(code, { 'content-type': type, ...headers }).end(body);
  };
}

/** A signed answer (RFC 9701). */
export function signed(
  issuer: IntrospectionIssuer,
  nowSeconds: number,
  changes: { readonly header?: object; readonly claims?: object; readonly key?: SigningKey } = {},
): Answer {
  const header = { alg: 'ES256', kid: 'k', typ: 'token-introspection+jwt', ...changes.header };
  const claims = {
    iss: issuer.url,
    aud: 'mcp',
    iat: nowSeconds,
    token_introspection: issuer.about(),
    ...changes.claims,
  };
  const jwt = signRaw(header, claims, changes.key ?? issuer.key);
  return text(jwt, 'application/token-introspection+jwt');
}

/** Answers nothing and keeps the connection. */
export function silence(waiting: ServerResponse[]): Answer {
  return (_request, response) => {
    waiting.push(response);
  };
}
