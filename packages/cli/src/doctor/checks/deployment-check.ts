import type { SallyportConfig } from '@sallyport/config';
import { isLoopbackHost } from '../../try/server-url.ts';
import { fail, pass, warn, type Finding } from '../finding.ts';

/** What a configuration means for the way the server is run: proxies in front, several processes. */
export function checkDeployment(config: SallyportConfig, replicas: number | undefined): readonly Finding[] {
  return [checkProxy(config), checkState(config, replicas), ...checkEnforcement(config)];
}

function checkEnforcement({ enforcement }: SallyportConfig): readonly Finding[] {
  if (enforcement === 'enforce') return [];
  return [
    warn(
      'policy',
      'it is only observed: calls that it denies are recorded and run',
      'see what enforcing would deny with  sallyport audit show --would-deny  and set enforcement to "enforce"',
    ),
  ];
}

function checkProxy({ resource, network }: SallyportConfig): Finding {
  const { trustedProxies } = network;
  const { protocol, hostname } = new URL(resource);
  if (typeof trustedProxies === 'number' && trustedProxies > 0) {
    return warn(
      'proxy',
      `every caller that comes over ${trustedProxies} hop${trustedProxies === 1 ? '' : 's'} is believed: when it reaches the server past a proxy, it can choose its address`,
      'list the addresses of the proxies in network.trustedProxies instead, and let nobody else connect',
    );
  }
  if (
    protocol === 'https:' &&
    !isLoopbackHost(hostname) &&
    (trustedProxies === 0 || (Array.isArray(trustedProxies) && trustedProxies.length === 0))
  ) {
    return warn(
      'proxy',
      'no proxy is trusted: if one ends TLS in front of the server, all callers share its address, its rate limit and its place in the audit log',
      'list its addresses in network.trustedProxies; ignore this when the server ends TLS itself',
    );
  }
  return pass(
    'proxy',
    trustedProxies === 0 ? 'none is trusted' : `trusted: ${[trustedProxies].flat().join(', ') || 'none'}`,
  );
}

/** State that several processes would have to share and do not. */
function checkState(
  { resource, dpop, legacy, revocation, cursorKey }: SallyportConfig,
  replicas: number | undefined,
): Finding {
  const own = [
    ...(dpop.mode === 'off' ? [] : ['used DPoP proofs']),
    ...(dpop.mode !== 'off' && dpop.nonce && dpop.nonceKey === undefined ? ['the key of DPoP nonces'] : []),
    ...(legacy === 'handler' ? ['sessions'] : []),
    ...(revocation.file === undefined ? ['revocations'] : []),
  ];
  const lost = [...own, 'rate limits', ...(cursorKey === undefined ? ['the key of list cursors'] : [])].join(', ');
  const remedy =
    'run one process; set revocation.file on a disk that all processes of a host share, dpop.nonceKey and cursorKey for all, and let the balancer keep clients at one process (sticky sessions)';
  if (replicas !== undefined && replicas > 1) {
    return own.length > 0
      ? fail(
          'state',
          'ERR_SERVER_STORE_DOWN',
          `${replicas} processes, and each has its own ${lost}: a proof or a revoked token that one refuses, another accepts`,
          remedy,
        )
      : warn(
          'state',
          `${replicas} processes, and each has its own rate limits: together they let ${replicas} times as much through`,
          'divide rateLimits by the number of processes',
        );
  }
  if (replicas === 1 || isLoopbackHost(new URL(resource).hostname))
    return pass('state', `one process keeps ${lost} in memory`);
  return warn(
    'state',
    `in the memory of each process: ${lost}; several processes share none of it`,
    `say how many there are with --replicas; ${remedy}`,
  );
}
