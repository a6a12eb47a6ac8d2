import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { readParameter } from '../../../src/doctor/probes/challenge-probe.ts';
import { probeServer } from '../../../src/doctor/probes/probe-server.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import { allowedOrigin, bentServer, sendJson, type Bend } from '../../support/bent-server.ts';
import { collect, doctorConfig } from '../../support/doctor-config.ts';

async function probe(bend?: Bend, token?: string): Promise<Finding[]> {
  const url = await bentServer(bend);
  const config = await doctorConfig({
    resource: url,
    issuers: [{ issuer: 'http://127.0.0.1:9' }],
    network: { allowedOrigins: [allowedOrigin] },
  });
  const silent = { write: () => true, once: () => undefined };
  return collect(
    probeServer({ url: new URL(url), token, config, io: { stdout: silent, stderr: silent, env: {}, now: Date.now } }),
  );
}

const failures = (found: readonly Finding[]): string[] =>
  found.filter(({ status }) => status === 'fail').map(({ check, code, what }) => `${check} ${String(code)} ${what}`);

const wellKnown =
  (answer: Bend): Bend =>
  (req, res) =>
    (req.url ?? '').startsWith('/.well-known/oauth-protected-resource') && answer(req, res);
const endpoint =
  (answer: Bend): Bend =>
  (req, res) =>
    req.url === '/mcp' && answer(req, res);
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Bend =>
  (_req, res) =>
    sendJson(res, code, {}, headers);
const challenged =
  (challenge: string): Bend =>
  (req, res) =>
    req.headers.authorization === undefined &&
    req.headers.origin === undefined &&
    sendJson(res, 401, {}, { 'www-authenticate': challenge });
const page: Bend = (_req, res) => {
  res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
  return true;
};
const set = (res: ServerResponse, name: string, value: string): false => {
  const { writeHead } = res;
  res.writeHead = ((...args: Parameters<typeof writeHead>) => {
    const at = args.findIndex((arg) => typeof arg === 'object');
    if (at !== -1) args[at] = { ...(args[at] as object), [name]: value } as never;
    else args.push({ [name]: value });
    return writeHead.apply(res, args);
  }) as typeof writeHead;
  return false;
};

describe('a server', () => {
  it('that is right fails no check', async () => {
    const found = await probe();
    expect(failures(found)).toEqual([]);
    expect(found.every((finding) => finding.status === 'pass')).toBe(true);
  });

  it.each<readonly [string, Bend, string]>([
    [
      'asks for a token at well-known paths',
      wellKnown(status(401)),
      'metadata ERR_CLI_ANSWER /.well-known/oauth-protected-resource/mcp asks for authentication (HTTP 401)',
    ],
    ['has no metadata there because of a path prefix', wellKnown(status(404)), 'is not there (HTTP 404)'],
    ['answers with a page of a web application', wellKnown(page), 'is text/html and not JSON'],
    ['redirects the metadata', wellKnown(status(302, { location: '/login' })), 'redirects to /login'],
    [
      'calls no JSON JSON',
      wellKnown((_req, res) => (res.writeHead(200, { 'content-type': 'application/json' }).end('<html>'), true)),
      'is no JSON object',
    ],
    [
      'has metadata of another resource',
      wellKnown((_req, res) => sendJson(res, 200, { resource: 'https://other.example.com' })),
      'is for the resource "https://other.example.com"',
    ],
    [
      'names another issuer',
      wellKnown((req, res) =>
        sendJson(res, 200, {
          resource: `http://${req.headers.host ?? ''}/mcp`,
          authorization_servers: ['https://other.example.com'],
        }),
      ),
      'does not name the issuer http://127.0.0.1:9',
    ],
    [
      'has metadata that pages may not read',
      wellKnown((req, res) => req.headers.origin !== undefined && sendJson(res, 200, {})),
      'pages may not read the metadata',
    ],
    [
      'guards its card',
      (req, res) => req.url === '/.well-known/mcp/server-card.json' && status(401)(req, res),
      'well-known ERR_CLI_ANSWER /.well-known/mcp/server-card.json asks for authentication',
    ],
    ['serves a request without a token', endpoint(status(200)), 'challenge ERR_SERVER_GUARD_MISSING'],
    [
      'redirects to a sign-in page',
      endpoint(status(302, { location: 'https://sso.example.com' })),
      'redirected to https://sso.example.com',
    ],
    ['does not know its host', endpoint(status(403)), 'challenge ERR_NETWORK_HOST_REFUSED'],
    ['breaks without a token', endpoint(status(500)), 'is answered with HTTP 500 and not 401'],
    ['has no challenge', endpoint(challenged('')), 'the 401 has no WWW-Authenticate'],
    [
      'leaves resource_metadata out',
      endpoint(challenged('Bearer realm="mcp"')),
      'no resource_metadata in WWW-Authenticate',
    ],
    [
      'names a host of the inside',
      endpoint(challenged('Bearer resource_metadata="http://10.0.0.5:8080/.well-known/oauth-protected-resource/mcp"')),
      'resource_metadata http://10.0.0.5:8080/.well-known/oauth-protected-resource/mcp has another port',
    ],
    [
      'names an address that is not there',
      endpoint(challenged('Bearer resource_metadata="http://127.0.0.1:1/x"')),
      'challenge ERR_CLI_UNREACHABLE',
    ],
    [
      'calls no token an invalid one',
      endpoint(challenged('Bearer error="invalid_token", resource_metadata="http://127.0.0.1:1/x"')),
      'clients throw their tokens away',
    ],
    [
      'believes X-Forwarded-Host',
      endpoint((req, res) =>
        challenged(
          `Bearer resource_metadata="http://${[req.headers['x-forwarded-host']].flat()[0] ?? req.headers.host ?? ''}/.well-known/oauth-protected-resource/mcp"`,
        )(req, res),
      ),
      'forwarded ERR_CLI_ANSWER',
    ],
    [
      'asks for a token at a preflight',
      (req, res) => req.method === 'OPTIONS' && status(401)(req, res),
      'gets 401: browsers send no token with it',
    ],
    [
      'refuses a preflight',
      (req, res) => req.method === 'OPTIONS' && status(405)(req, res),
      'preflight of https://app.example.com gets HTTP 405',
    ],
    ['does not grant a preflight', (req, res) => req.method === 'OPTIONS' && status(200)(req, res), 'is not granted'],
    [
      'does not allow the protocol header',
      (req, res) =>
        req.method === 'OPTIONS' &&
        status(200, {
          'access-control-allow-origin': allowedOrigin,
          'access-control-allow-headers': 'authorization, content-type, mcp-method',
        })(req, res),
      'does not allow mcp-protocol-version',
    ],
    [
      'has errors that pages can not read',
      (req, res) => req.method === 'POST' && req.headers.origin === allowedOrigin && status(401)(req, res),
      'has no Access-Control-Allow-Origin',
    ],
    [
      'does not expose the challenge',
      (req, res) =>
        req.method === 'POST' &&
        req.headers.origin === allowedOrigin &&
        status(401, { 'access-control-allow-origin': allowedOrigin, 'access-control-expose-headers': 'Retry-After' })(
          req,
          res,
        ),
      'does not expose WWW-Authenticate',
    ],
    [
      'lets any page in',
      (req, res) =>
        req.headers.origin === 'https://doctor.invalid' &&
        status(401, { 'access-control-allow-origin': '*' })(req, res),
      'cors ERR_NETWORK_ORIGIN_REFUSED',
    ],
    [
      'accepts any bearer',
      (req, res) => req.headers.authorization === 'Bearer anything' && status(200)(req, res),
      'refusals ERR_SERVER_GUARD_MISSING "Bearer anything" is served',
    ],
    [
      'does not check the audience',
      accepting((_header, claims) => claims['aud'] === 'https://doctor.invalid/mcp'),
      'a token for another audience is served',
    ],
    [
      'accepts tokens without a signature',
      accepting((header) => header['alg'] === 'none'),
      'a token without a signature (alg none) is served',
    ],
    [
      'takes the key from the token',
      accepting((header) => header['jwk'] !== undefined),
      'a token that brings its own key is served',
    ],
  ])('that %s is found out', async (_what, bend, expected) => {
    const found = failures(await probe(bend));
    expect(
      found.filter((line) => line.includes(expected)),
      found.join('\n'),
    ).not.toEqual([]);
  });

  it('that does not check signatures is found out with the given token', async () => {
    const token = `${encode({ alg: 'RS256' })}.${encode({ sub: 'alice' })}.${Buffer.alloc(32).toString('base64url')}`;
    const found = failures(
      await probe(
        accepting((_header, claims) => claims['sub'] === 'alice'),
        token,
      ),
    );
    expect(found).toContain(
      'refusals ERR_SERVER_GUARD_MISSING the given token with its signature changed is served (HTTP 200)',
    );
    expect(found).toContain('refusals ERR_SERVER_GUARD_MISSING the given token is served (HTTP 200)');
  });

  it.each([
    [503, 'can not reach its issuer'],
    [400, 'look into the log'],
  ])('that answers %d to what must be refused is doubted', async (code, remedy) => {
    const found = await probe((req, res) => req.headers.authorization === 'Bearer anything' && status(code)(req, res));
    expect(found).toContainEqual(
      expect.objectContaining({ check: 'refusals', status: 'warn', remedy: expect.stringContaining(remedy) as string }),
    );
  });

  it('whose gateway answers 401 in its place is doubted', async () => {
    const found = await probe((req, res) => req.headers.authorization === 'Bearer anything' && status(401)(req, res));
    expect(found).toContainEqual(
      expect.objectContaining({
        check: 'refusals',
        status: 'warn',
        what: expect.stringContaining('without error="invalid_token"') as string,
      }),
    );
  });

  it('that limits our rate leaves checks open', async () => {
    const found = await probe(endpoint(status(429)));
    expect(found).toContainEqual(expect.objectContaining({ check: 'challenge', status: 'skip' }));
    expect(found).toContainEqual(expect.objectContaining({ check: 'refusals', status: 'skip' }));
  });

  it.each([
    ['via', '1.1 proxy', 'a proxy (Via: 1.1 proxy)'],
    ['server', 'nginx/1.29', 'nginx/1.29'],
    ['cf-ray', '1', 'Cloudflare'],
  ])('with %s: %s may hold streams back', async (name, value, told) => {
    const found = await probe((_req, res) => set(res, name, value));
    expect(found.at(-1)).toMatchObject({
      check: 'streams',
      status: 'warn',
      what: expect.stringContaining(told) as string,
    });
  });

  it('that is not where clients are is doubted', async () => {
    const url = new URL(await bentServer());
    const silent = { write: () => true, once: () => undefined };
    const found = await collect(
      probeServer({
        url,
        token: undefined,
        config: await doctorConfig(),
        io: { stdout: silent, stderr: silent, env: {}, now: Date.now },
      }),
    );
    expect(found[0]).toMatchObject({ check: 'url', status: 'warn' });
    expect(failures(found).join('\n')).toContain(
      'it should be https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
    );
  });
});

/** A server that serves the tokens a test says. */
function accepting(accepts: (header: Record<string, unknown>, claims: Record<string, unknown>) => boolean): Bend {
  return (req, res) => {
    const [header, payload] = (req.headers.authorization ?? '')
      .replace('Bearer ', '')
      .split('.')
      .map((part) => decode(part));
    return header !== undefined && payload !== undefined && accepts(header, payload) && sendJson(res, 200, {});
  };
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('a parameter of a challenge', () => {
  it('is read quoted, escaped or bare, and only by its whole name', () => {
    expect(readParameter('Bearer resource_metadata="https://a/b"', 'resource_metadata')).toBe('https://a/b');
    expect(readParameter(String.raw`Bearer realm="a\"b", error=invalid_token`, 'error')).toBe('invalid_token');
    expect(readParameter(String.raw`Bearer realm="a\"b"`, 'realm')).toBe('a"b');
    expect(readParameter('Bearer error_description="x"', 'error')).toBeUndefined();
    expect(readParameter('Bearer error_description="x, error=y"', 'error')).toBeUndefined();
  });
});
