import { pass, warn, type Finding } from '../finding.ts';
import type { Prober } from './prober.ts';

const signs: readonly (readonly [header: string, proxy: (value: string) => string | undefined])[] = [
  ['via', (value) => `a proxy (Via: ${value})`],
  ['cf-ray', () => 'Cloudflare'],
  ['x-amz-cf-id', () => 'CloudFront'],
  ['x-azure-ref', () => 'Azure Front Door'],
  ['x-envoy-upstream-service-time', () => 'Envoy'],
  ['server', (value) => (/nginx|openresty|haproxy|envoy|apache|awselb|cloudflare/i.test(value) ? value : undefined)],
];

/** Whether something is in front that may hold streams back or cut them when they are idle. */
export async function* probeStreams(prober: Prober): AsyncGenerator<Finding> {
  const { headers } = await prober.listTools();
  const found = signs.flatMap(([name, proxy]) => {
    const value = headers.get(name);
    return value === null ? [] : [proxy(value)];
  });
  const proxies = [...new Set(found.filter((name) => name !== undefined))];
  const packed = headers.get('content-encoding');
  if (proxies.length === 0 && packed === null) {
    yield pass('streams', 'no proxy to be seen that could hold events back');
    return;
  }
  yield warn(
    'streams',
    `${proxies.join(', ') || `something that compresses (${packed ?? ''})`} is in front: it may hold events back until the answer ends, or cut a stream that is idle`,
    'nginx: proxy_buffering off, gzip off and proxy_read_timeout 1h for the endpoint; others: switch response buffering off and raise the idle timeout above the longest call',
  );
}
