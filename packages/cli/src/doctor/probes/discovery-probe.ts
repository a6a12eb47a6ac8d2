import type { SallyportConfig } from '@sallyport/config';
import { isJsonObject, type JsonObject } from '@sallyport/core';
import { authorizationServers, resourceMetadataPaths } from '@sallyport/token';
import { fail, pass, type Finding } from '../finding.ts';
import type { Answer, Prober } from './prober.ts';

/** The protected resource metadata at both places where clients look, and the other documents: public, and really JSON. */
export async function* probeDiscovery(prober: Prober, config: SallyportConfig): AsyncGenerator<Finding> {
  for (const path of resourceMetadataPaths(config.resource)) {
    const answer = await prober.get(new URL(path, prober.endpoint));
    yield judgeDocument('metadata', answer) ?? judgeMetadata(answer, config);
  }
  for (const path of [
    '/.well-known/mcp/server-card.json',
    '/.well-known/ai-catalog.json',
    '/.well-known/api-catalog',
  ]) {
    const answer = await prober.get(new URL(path, prober.endpoint));
    yield judgeDocument('well-known', answer) ?? pass('well-known', `${path} is public JSON`);
  }
}

/** What is wrong with an answer that should be a public JSON document. */
export function judgeDocument(check: string, { url, status, headers, mediaType, json }: Answer): Finding | undefined {
  const { pathname } = new URL(url);
  const wrong = (what: string, remedy: string): Finding => fail(check, 'ERR_CLI_ANSWER', `${pathname} ${what}`, remedy);
  if (status === 401 || status === 403) {
    return wrong(
      `asks for authentication (HTTP ${status})`,
      'exempt /.well-known/ from authentication: mount suite.wellKnown before everything else, and let the gateway pass these paths',
    );
  }
  if (status === 404) {
    return wrong(
      'is not there (HTTP 404)',
      'mount suite.wellKnown at the root of the application; behind an ingress with a path prefix route /.well-known/ of the host to this server too',
    );
  }
  if (status >= 300 && status < 400)
    return wrong(
      `redirects to ${headers.get('location') ?? 'somewhere'}`,
      'serve it in place: clients do not follow redirects here',
    );
  if (status !== 200)
    return wrong(`answers HTTP ${status}`, 'look into the log of the server and of the proxy in front');
  if (!isJson(mediaType)) {
    return wrong(
      `is ${mediaType || 'of no type'} and not JSON`,
      'something else answers there, often the page of a web application or a proxy: route /.well-known/ to the server',
    );
  }
  if (json === undefined)
    return wrong('is no JSON object, whatever its Content-Type says', 'route /.well-known/ to the server');
  return undefined;
}

function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType.endsWith('+json');
}

function judgeMetadata({ url, json = {} }: Answer, config: SallyportConfig): Finding {
  const { pathname } = new URL(url);
  const { resource } = json;
  const remedy = 'start the server with this very config, and let no proxy rewrite the document';
  if (resource !== config.resource) {
    const slash =
      typeof resource === 'string' && strip(resource) === strip(config.resource)
        ? ' (only the final slash differs)'
        : '';
    return fail(
      'metadata',
      'ERR_CLI_ANSWER',
      `${pathname} is for the resource ${JSON.stringify(resource) ?? 'of nobody'} and not ${config.resource}${slash}`,
      remedy,
    );
  }
  const named = serversOf(json);
  const missing = authorizationServers(config.issuers).filter((issuer) => !named.includes(issuer));
  if (missing.length > 0)
    return fail('metadata', 'ERR_CLI_ANSWER', `${pathname} does not name the issuer ${missing.join(', ')}`, remedy);
  return pass('metadata', `${pathname} is public JSON and fits the config`);
}

function serversOf(json: JsonObject): readonly unknown[] {
  const servers = isJsonObject(json) ? json['authorization_servers'] : undefined;
  return Array.isArray(servers) ? servers : [];
}

function strip(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}
