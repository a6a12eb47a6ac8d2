import type { SallyportConfig } from '@sallyport/config';
import { resourceMetadataUrl } from '@sallyport/token';
import { fail, pass, skip, type Finding } from '../finding.ts';
import type { Answer, Prober } from './prober.ts';

/** An origin that can not exist (RFC 2606). */
const foreignOrigin = 'https://doctor.invalid';

/** What a client in a browser needs: a preflight without a token, and headers it may read, also of errors. */
export async function* probeCors(prober: Prober, { network, resource }: SallyportConfig): AsyncGenerator<Finding> {
  const discovery = await prober.get(new URL(new URL(resourceMetadataUrl(resource)).pathname, prober.endpoint), {
    origin: foreignOrigin,
  });
  const open = discovery.headers.get('access-control-allow-origin');
  yield open === '*' || open === foreignOrigin
    ? pass('cors', 'any page may read the metadata')
    : fail(
        'cors',
        'ERR_CLI_ANSWER',
        'pages may not read the metadata: Access-Control-Allow-Origin is missing there',
        'serve it by suite.wellKnown, and let no proxy strip CORS headers',
      );

  const foreign = await prober.listTools({ origin: foreignOrigin });
  const granted = foreign.headers.get('access-control-allow-origin');
  yield granted === '*' || granted === foreignOrigin || (foreign.status >= 200 && foreign.status < 300)
    ? fail(
        'cors',
        'ERR_NETWORK_ORIGIN_REFUSED',
        `a page of any origin may use the endpoint (${foreignOrigin} got HTTP ${foreign.status})`,
        'take the CORS middleware out of the application and the proxy: the guard answers for network.allowedOrigins',
      )
    : pass('cors', 'an origin that is not listed is refused');

  const [origin] = network.allowedOrigins;
  if (origin === undefined) {
    yield skip(
      'cors',
      'no page may use the endpoint: network.allowedOrigins is empty',
      'list the origins of browser clients there, if there are any',
    );
    return;
  }
  yield judgePreflight(await prober.preflight(origin), origin);
  yield judgeError(await prober.listTools({ origin }), origin);
}

function judgePreflight({ status, headers }: Answer, origin: string): Finding {
  const wrong = (what: string, remedy: string): Finding =>
    fail('cors', 'ERR_NETWORK_ORIGIN_REFUSED', `preflight of ${origin} ${what}`, remedy);
  if (status === 401)
    return wrong(
      'gets 401: browsers send no token with it',
      'let OPTIONS through before authentication, in the gateway too',
    );
  if (status < 200 || status >= 300)
    return wrong(`gets HTTP ${status}`, 'add the origin to network.allowedOrigins and let OPTIONS reach the server');
  if (headers.get('access-control-allow-origin') !== origin)
    return wrong('is not granted (Access-Control-Allow-Origin)', 'let no proxy answer or rewrite it');
  const allowed = listOf(headers.get('access-control-allow-headers'));
  const missing = ['authorization', 'content-type', 'mcp-protocol-version', 'mcp-method'].filter(
    (name) => !allowed.includes(name),
  );
  if (missing.length > 0)
    return wrong(`does not allow ${missing.join(', ')}`, 'let no proxy answer it: the guard allows them all');
  return pass('cors', `preflight of ${origin} is granted with the headers of MCP`);
}

function judgeError({ status, headers }: Answer, origin: string): Finding {
  const wrong = (what: string): Finding =>
    fail(
      'cors',
      'ERR_CLI_ANSWER',
      `HTTP ${status} to ${origin} ${what}: a page can not read the challenge`,
      'let no proxy strip CORS headers from errors (nginx: add_header … always)',
    );
  if (headers.get('access-control-allow-origin') !== origin) return wrong('has no Access-Control-Allow-Origin');
  if (!listOf(headers.get('access-control-expose-headers')).includes('www-authenticate'))
    return wrong('does not expose WWW-Authenticate');
  return pass('cors', `errors to ${origin} can be read, WWW-Authenticate too`);
}

function listOf(field: string | null): readonly string[] {
  return (field ?? '').split(',').map((name) => name.trim().toLowerCase());
}
