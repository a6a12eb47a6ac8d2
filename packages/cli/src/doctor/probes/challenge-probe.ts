import type { SallyportConfig } from '@sallyport/config';
import { resourceMetadataUrl } from '@sallyport/token';
import { isInternalHost } from '../advice/internal-host.ts';
import { fail, pass, skip, type Finding } from '../finding.ts';
import { judgeDocument } from './discovery-probe.ts';
import type { Answer, Prober } from './prober.ts';

/** A host that can not exist (RFC 2606): nothing of the server may ever name it. */
const foreignHost = 'doctor.invalid';

/** The answer to a request without a token: 401, and a challenge from which a client finds its way. */
export async function* probeChallenge(prober: Prober, config: SallyportConfig): AsyncGenerator<Finding> {
  const answer = await prober.listTools();
  const problem = judgeStatus(answer, config);
  if (problem !== undefined) {
    yield problem;
    return;
  }
  const challenge = answer.headers.get('www-authenticate') ?? '';
  const url = readParameter(challenge, 'resource_metadata');
  if (!/^(?:bearer|dpop)\b/i.test(challenge) || url === undefined || !URL.canParse(url)) {
    yield fail(
      'challenge',
      'ERR_CLI_ANSWER',
      `the 401 has ${challenge === '' ? 'no WWW-Authenticate' : 'no resource_metadata in WWW-Authenticate'}: clients do not find the issuer`,
      'let no proxy strip or replace WWW-Authenticate; put nothing that answers 401 itself in front of the guard',
    );
  } else {
    yield judgeLocation(url, config);
    yield await judgeTarget(url, prober);
  }
  const error = readParameter(challenge, 'error');
  if (error !== undefined) {
    yield fail(
      'challenge',
      'ERR_CLI_ANSWER',
      `a request without a token is told error="${error}": clients throw their tokens away`,
      'leave out error when there was no token (RFC 6750 §3.1)',
    );
  }
  yield* probeForwarded(prober);
}

function judgeStatus({ status, headers }: Answer, { network }: SallyportConfig): Finding | undefined {
  if (status === 401) return undefined;
  if (status === 429) return skip('challenge', 'the server limits our rate', 'wait and run it again');
  if (status === 403) {
    return fail(
      'challenge',
      'ERR_NETWORK_HOST_REFUSED',
      `the server refuses this host name (HTTP 403), or a gateway does`,
      `add it to network.allowedHosts (now ${network.allowedHosts.join(', ')}), or use --url with the name clients use`,
    );
  }
  if (status >= 200 && status < 300) {
    return fail(
      'challenge',
      'ERR_SERVER_GUARD_MISSING',
      `a request without a token is served (HTTP ${status})`,
      'put suite.protect in front of the MCP handler',
    );
  }
  if (status >= 300 && status < 400) {
    return fail(
      'challenge',
      'ERR_CLI_ANSWER',
      `a request without a token is redirected to ${headers.get('location') ?? 'somewhere'}`,
      'take the sign-in page of the gateway away from this path: MCP clients need a 401',
    );
  }
  return fail(
    'challenge',
    'ERR_CLI_ANSWER',
    `a request without a token is answered with HTTP ${status} and not 401`,
    status === 404
      ? 'use the exact URL of the endpoint, and route it to the server'
      : 'look into the log of the server and of the proxy in front',
  );
}

/** The URL must be the one clients can use: that of the resource, with nothing of the inside in it. */
function judgeLocation(url: string, { resource }: SallyportConfig): Finding {
  const expected = resourceMetadataUrl(resource);
  if (url === expected) return pass('challenge', `401 with resource_metadata ${url}`);
  const seen = new URL(url);
  const wanted = new URL(expected);
  const inside = isInternalHost(seen.hostname) && !isInternalHost(wanted.hostname);
  const what = inside
    ? 'has a host of the inside in it'
    : seen.port !== wanted.port
      ? 'has another port'
      : seen.protocol !== wanted.protocol
        ? 'has another scheme'
        : 'is not the one of the resource';
  return fail(
    'challenge',
    'ERR_CLI_ANSWER',
    `resource_metadata ${url} ${what}; it should be ${expected}`,
    'set resource to the public URL and restart the server; let no proxy rewrite WWW-Authenticate',
  );
}

/** The document must be there where the challenge sends clients. */
async function judgeTarget(url: string, prober: Prober): Promise<Finding> {
  const answer = await prober
    .get(url)
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof answer === 'string')
    return fail(
      'challenge',
      'ERR_CLI_UNREACHABLE',
      `resource_metadata ${url} can not be fetched: ${answer}`,
      'set resource to a URL that resolves for clients',
    );
  return judgeDocument('challenge', answer) ?? pass('challenge', 'resource_metadata resolves to JSON');
}

/** What a request says about itself must not end up in a challenge. */
async function* probeForwarded(prober: Prober): AsyncGenerator<Finding> {
  const answer = await prober.listTools({ 'x-forwarded-host': foreignHost, forwarded: `host=${foreignHost}` });
  if ((answer.headers.get('www-authenticate') ?? '').includes(foreignHost)) {
    yield fail(
      'forwarded',
      'ERR_CLI_ANSWER',
      'the challenge names the host of X-Forwarded-Host: anybody can send clients to a server of his own',
      'make the URL from the config, never from a request; trust no proxy header here',
    );
  } else yield pass('forwarded', 'X-Forwarded-Host changes nothing in the challenge');
}

/** A parameter of a challenge (RFC 9110 §11.2), quoted or not. */
export function readParameter(challenge: string, name: string): string | undefined {
  for (const [, key = '', quoted, bare] of challenge.matchAll(
    /(?<![\w-])([\w-]{1,64})=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
  )) {
    if (key.toLowerCase() === name) return quoted?.replace(/\\(.)/g, '$1') ?? bare;
  }
  return undefined;
}
