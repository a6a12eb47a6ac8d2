import { SetupError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { createDiscoveryFetch } from '../../src/try/discovery-fetch.ts';
import { signIn } from '../../src/try/sign-in.ts';
import { localServer } from '../support/local-server.ts';

interface Pretence {
  /** Of the protected resource metadata. */
  readonly resource?: Readonly<Record<string, unknown>> | undefined;
  /** Of the issuer's metadata. */
  readonly issuer?: Readonly<Record<string, unknown>>;
  /** Where the authorization endpoint redirects to; `state` is that of the request. */
  readonly location?: (state: string, issuer: string) => string;
  readonly status?: number;
  readonly token?: Readonly<Record<string, unknown>>;
}

/** A server and an issuer in one, which answer as they are told to. What was asked of them. */
async function pretend(pretence: Pretence) {
  const asked: { authorize?: URL; token?: URLSearchParams } = {};
  const origin: string = await localServer((req, res) => {
    const url = new URL(req.url ?? '', origin);
    const json = (body: unknown, status = 200): void => {
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (url.pathname === '/.well-known/oauth-protected-resource/mcp') {
      json({
        resource: `${origin}/mcp`,
        authorization_servers: [origin],
        scopes_supported: ['read'],
        ...pretence.resource,
      });
    } else if (url.pathname === '/.well-known/oauth-authorization-server') {
      json({
        issuer: origin,
        authorization_endpoint: `${origin}/auth`,
        token_endpoint: `${origin}/token`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
        ...pretence.issuer,
      });
    } else if (url.pathname === '/auth') {
      asked.authorize = url;
      const {
        location = (state, iss) => `http://127.0.0.1/callback?code=c0de&state=${state}&iss=${encodeURIComponent(iss)}`,
      } = pretence;
      res.writeHead(pretence.status ?? 303, { location: location(url.searchParams.get('state') ?? '', origin) }).end();
    } else if (url.pathname === '/token') {
      let body = '';
      req.on('data', (chunk: Buffer) => (body += chunk.toString()));
      req.on('end', () => {
        asked.token = new URLSearchParams(body);
        json(
          { access_token: 'a.b.c', token_type: 'Bearer', scope: 'read openid', ...pretence.token },
          pretence.token?.['error'] ? 400 : 200,
        );
      });
    } else {
      res.writeHead(404).end();
    }
  });
  return { origin, asked };
}

async function attempt(origin: string, scopes?: readonly string[]) {
  return signIn({ endpoint: new URL(`${origin}/mcp`), user: 'alice', scopes, fetchFn: createDiscoveryFetch() });
}

async function failure(
  pretence: Pretence,
): Promise<{ readonly error: SetupError; readonly asked: Awaited<ReturnType<typeof pretend>>['asked'] }> {
  const { origin, asked } = await pretend(pretence);
  const error = await attempt(origin).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SetupError)) throw new Error('expected a SetupError', { cause: error });
  return { error, asked };
}

describe('signIn', () => {
  it('follows the metadata with PKCE, state, resource and the user as login hint', async () => {
    const { origin, asked } = await pretend({});
    expect(await attempt(origin, ['write', 'read'])).toEqual({
      token: 'a.b.c',
      issuer: origin,
      asked: ['write', 'read'],
      granted: ['read'],
    });
    const request = Object.fromEntries(asked.authorize?.searchParams ?? []);
    expect(request).toMatchObject({
      client_id: 'sallyport-demo',
      login_hint: 'alice',
      scope: 'write read',
      resource: `${origin}/mcp`,
      code_challenge_method: 'S256',
    });
    expect(request['state']).toMatch(/^[\w-]{22}$/);
    expect(Object.fromEntries(asked.token ?? [])).toMatchObject({
      code: 'c0de',
      resource: `${origin}/mcp`,
      client_id: 'sallyport-demo',
    });
  });

  it('asks for the scopes of a first sign-in when it is told none', async () => {
    const { origin, asked } = await pretend({});
    await attempt(origin, []);
    expect(asked.authorize?.searchParams.get('scope')).toBe('read');
  });

  it.each(['https://login.example.com', 'http://192.0.2.1:9000', 'http://127.0.0.1.example.com'])(
    'does not sign in at %s and says how to get a token instead',
    async (issuer) => {
      const { error, asked } = await failure({ resource: { authorization_servers: [issuer] } });
      expect(error.code).toBe('ERR_CLI_SIGN_IN');
      expect(error.problem).toContain(issuer);
      expect(error.remedy).toMatch(
        /^get an access token from the issuer for the resource \S+\/mcp with the scopes read and pass its file with --token-file$/,
      );
      expect(asked.authorize).toBeUndefined();
    },
  );

  it.each(['authorization_endpoint', 'token_endpoint'])(
    'sends nothing when the %s is not on this machine',
    async (endpoint) => {
      const { error, asked } = await failure({ issuer: { [endpoint]: 'https://login.example.com/x' } });
      expect(error.problem).toContain('https://login.example.com/x');
      expect(asked.authorize).toBeUndefined();
    },
  );

  it('refuses metadata of another resource', async () => {
    const { error } = await failure({ resource: { resource: 'https://other.example.com/mcp' } });
    expect(error.problem).toContain('is for another resource, https://other.example.com/mcp');
  });

  it('refuses metadata of another issuer', async () => {
    const { error } = await failure({ issuer: { issuer: 'http://127.0.0.1:1' } });
    expect(error.code).toBe('ERR_CLI_SIGN_IN');
    expect(error.problem).toContain('can not be asked');
  });

  it('gives up at an issuer that wants a person', async () => {
    const { error, asked } = await failure({ location: (_state, issuer) => `${issuer}/login` });
    expect(error.problem).toContain('did not answer at once (HTTP 303)');
    expect(asked.token).toBeUndefined();
  });

  it.each([
    [
      'another state',
      (_state: string, issuer: string) => `http://127.0.0.1/callback?code=c&state=x&iss=${encodeURIComponent(issuer)}`,
    ],
    [
      'another issuer',
      (state: string) => `http://127.0.0.1/callback?error=evil&state=${state}&iss=https%3A%2F%2Fevil.example`,
    ],
    ['no issuer', (state: string) => `http://127.0.0.1/callback?code=c&state=${state}`],
  ])('redeems no code and reads no error of an answer with %s', async (_name, location) => {
    const { error, asked } = await failure({ location });
    expect(error.problem).toContain('answered for another sign-in or issuer');
    expect(error.message).not.toContain('evil');
    expect(asked.token).toBeUndefined();
  });

  it('passes on why the issuer refused', async () => {
    const location = (state: string, issuer: string): string =>
      `http://127.0.0.1/callback?error=access_denied&error_description=no+way&state=${state}&iss=${encodeURIComponent(issuer)}`;
    const { error } = await failure({ location });
    expect(error.problem).toBe('the issuer refused: access_denied, no way');
  });

  it('says when the code gets no token', async () => {
    const { error } = await failure({ token: { error: 'invalid_grant', error_description: 'code is used' } });
    expect(error.problem).toContain('gave no token: ');
  });

  it.each([
    [
      { authorization_servers: ['nonsense'] },
      'has no usable protected resource metadata (RFC 9728): it has not the form it should have',
    ],
    [{ authorization_servers: undefined }, 'is not named in its metadata'],
  ])('says when the metadata %j names no issuer', async (resource, problem) => {
    const { error } = await failure({ resource });
    expect(error.problem).toContain(problem);
  });

  it('says when the server has no metadata', async () => {
    const origin = await localServer((_req, res) => void res.writeHead(404).end());
    await expect(attempt(origin)).rejects.toMatchObject({
      code: 'ERR_CLI_SIGN_IN',
      remedy: 'check --url: it must be the exact URL of the MCP endpoint',
    });
  });
});
