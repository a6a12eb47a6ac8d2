import { isIPv4 } from 'node:net';
import { SetupError } from '@sallyport/core';
import type { CommandIo } from '../terminal/command-io.ts';

const defaultUrl = 'http://127.0.0.1:8080/mcp';

/** True for a host that is this machine, so that nothing leaves it (RFC 6890). */
export function isLoopbackHost(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true;
  return isIPv4(hostname) && hostname.startsWith('127.');
}

/**
 * The endpoint to call: what was named, else `SALLYPORT_URL`, else `http://127.0.0.1:8080/mcp`.
 *
 * @throws SetupError `ERR_CLI_USAGE` for anything but an http or https URL without user information and fragment, and for http to
 * another machine: a token must not cross a network in clear.
 */
export function serverUrl(named: string | undefined, env: CommandIo['env']): URL {
  const [field, text] =
    named !== undefined
      ? ['--url', named]
      : env['SALLYPORT_URL']
        ? ['SALLYPORT_URL', env['SALLYPORT_URL']]
        : ['', defaultUrl];
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw usage(field, 'is not an http or https URL', `use the URL of the MCP endpoint, such as ${defaultUrl}`);
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    throw usage(field, 'has user information or a fragment', 'use the plain URL of the MCP endpoint');
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw usage(field, 'is http to another machine: the token would cross the network in clear', 'use https');
  }
  return url;
}

function usage(field: string, problem: string, remedy: string): SetupError {
  return new SetupError({ code: 'ERR_CLI_USAGE', field, problem, remedy });
}
