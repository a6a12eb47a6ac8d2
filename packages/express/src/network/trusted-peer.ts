import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

/**
 * Says whether a request comes straight from a trusted proxy. Only the peer of the connection counts: what a request says of its way here
 * is said by whoever sent it.
 *
 * @param trusted addresses and CIDR ranges of proxies. A hop count names nobody, so with one nobody is trusted.
 */
export function createTrustedPeer(trusted: readonly string[] | number): (req: IncomingMessage) => boolean {
  if (typeof trusted === 'number' || trusted.length === 0) return () => false;
  const isTrusted = proxyAddr.compile([...trusted]);
  return (req) => {
    const { remoteAddress } = req.socket;
    return remoteAddress !== undefined && isTrusted(remoteAddress, 0);
  };
}
