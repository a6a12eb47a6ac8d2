import type { SallyportConfig } from '@sallyport/config';
import { isLoopbackHost } from '../../try/server-url.ts';
import { isInternalHost } from '../advice/internal-host.ts';
import { pass, warn, type Finding } from '../finding.ts';

/** The resource identifier: what clients ask tokens for, compare and connect to. */
export function checkResourceUrl({ resource }: SallyportConfig): readonly Finding[] {
  const { hostname, pathname } = new URL(resource);
  if (pathname !== '/' && resource.endsWith('/')) {
    return [
      warn(
        'resource',
        `${resource} ends in a slash: clients that leave it out get tokens for another resource`,
        `set resource to ${resource.slice(0, -1)}, mount the server there, and use the same spelling at the issuer`,
      ),
    ];
  }
  if (isInternalHost(hostname) && !isLoopbackHost(hostname)) {
    return [
      warn(
        'resource',
        `${resource} has a name that only machines inside the network know`,
        'set resource to the URL that clients use, also when a proxy or an ingress is in front',
      ),
    ];
  }
  return [pass('resource', resource)];
}
