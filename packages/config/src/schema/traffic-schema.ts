import { z } from 'zod';
import { checkHost, checkOrigin, checkProxy } from '../checks/network-entry.ts';
import { maxWindowMs, ratePattern, readRate } from '../checks/rate.ts';
import type { LimitsInput, NetworkInput, RateLimitsInput } from '../types/config-input.ts';
import type { LimitsValues, NetworkValues, RateLimitsValues } from '../types/config-values.ts';
import { agreed } from './agreement.ts';
import { entry, field, text } from './field.ts';

const network = z.strictObject({
  allowedHosts: field(
    z
      .array(entry(text(checkHost).min(1), 'a host name or address with or without a port', 'mcp.example.com'))
      .min(1)
      .exactOptional(),
    {
      description:
        'Values of the `Host` header that are served. Compared exactly, without case; an entry without a port stands for any port.',
      expected: 'a non-empty list of host names with or without a port',
      example: ['mcp.example.com', 'mcp.internal:8080'],
      defaultText: 'the host name of `resource`; if that is loopback also `localhost`, `127.0.0.1` and `[::1]`',
    },
  ),
  allowedOrigins: field(
    z
      .array(
        entry(
          text(checkOrigin).min(1),
          'an origin: scheme, host and port if it is not the default, no path',
          'https://app.example.com',
        ),
      )
      .default([]),
    {
      description:
        'Origins of web pages that may call. Compared exactly. Requests without an `Origin` header do not come from a web page.',
      expected: 'a list of origins',
      example: ['https://app.example.com'],
    },
  ),
  trustedProxies: field(
    z
      .union([
        z.array(entry(text(checkProxy).min(1), 'an IP address or a CIDR range', '10.0.0.0/8')),
        entry(z.int().min(1).max(32), 'a hop count from 1 to 32', 1),
      ])
      .default([]),
    {
      description:
        'Proxies whose `X-Forwarded-For` is believed: addresses and CIDR ranges, or how many proxies stand in front. Never `true`. What only a proxy may say, such as `clientCertificate`, needs the list.',
      expected: 'a list of IP addresses and CIDR ranges, or a hop count from 1 to 32',
      example: ['10.0.0.0/8', 'fd00::/8'],
    },
  ),
});

export const networkSchema: z.ZodType<NetworkValues, NetworkInput> = agreed<NetworkInput, NetworkValues>()(network);

function rate(description: string, example: string): z.ZodDefault<z.ZodString> {
  const bounded = text((value) => (ratePattern.test(value) && readRate(value).windowMs > maxWindowMs ? {} : undefined));
  return field(bounded.regex(ratePattern).default('5000/s'), {
    description,
    expected: 'a rate such as "50/s", "3000/m" or "100/10s" with a window of at most 24 hours',
    example,
  });
}

const rateLimits = z.strictObject({
  perAddress: rate(
    'Requests of one client address (IPv4 address, IPv6 /64), counted before any cryptography. Beyond it: 429.',
    '50/s',
  ),
  perPrincipal: rate('Requests of one authenticated principal. Beyond it: 429.', '3000/m'),
});

export const rateLimitsSchema: z.ZodType<RateLimitsValues, RateLimitsInput> = agreed<
  RateLimitsInput,
  RateLimitsValues
>()(rateLimits);

const limits = z.strictObject({
  bodyBytes: field(z.int().min(1).max(104_857_600).default(1_048_576), {
    description: 'Bytes of a request body. Beyond it: 413.',
    expected: 'an integer from 1 to 104857600',
    example: 262_144,
  }),
  jsonDepth: field(z.int().min(1).max(512).default(64), {
    description: 'How deep objects and lists of a request body may be nested. Beyond it: 400.',
    expected: 'an integer from 1 to 512',
    example: 32,
  }),
  tokenBytes: field(z.int().min(1).max(16_384).default(8192), {
    description: 'Bytes of an access token. Beyond it: 401, without any cryptography.',
    expected: 'an integer from 1 to 16384',
    example: 4096,
  }),
});

export const limitsSchema: z.ZodType<LimitsValues, LimitsInput> = agreed<LimitsInput, LimitsValues>()(limits);
