import { z } from 'zod';
import type { BackChannelLogoutValues, RevocationValues } from '../types/config-values.ts';
import type { BackChannelLogoutInput, RevocationInput } from '../types/revocation-input.ts';
import { agreed } from './agreement.ts';
import { entry, field, plainText } from './field.ts';

const revocation = z.strictObject({
  file: field(plainText().exactOptional(), {
    description:
      'File of revocations, relative to the config file: one JSON object a line, append-only. It is created with mode 0600. Every process of the host that uses it honours a new line within one second, and revocations outlive a restart. `sallyport token revoke` writes to it. While it can not be read, or has a line that is not understood, no token is accepted (503).',
    expected: 'a path',
    example: './revocations.jsonl',
    defaultText: 'revocations are in memory, for this process alone',
  }),
  lifetimeSeconds: field(z.int().min(60).max(31_536_000).default(604_800), {
    description:
      'Seconds for which a revocation is kept that names no end. It must be at least as long as the longest-lived token, or a token could come back to life.',
    expected: 'an integer from 60 to 31536000',
    example: 86_400,
  }),
});

export const revocationSchema: z.ZodType<RevocationValues, RevocationInput> = agreed<
  RevocationInput,
  RevocationValues
>()(revocation);

const backChannelLogout = z.strictObject({
  audience: field(z.array(entry(plainText(), 'a client id', 'client-1')).min(1), {
    description:
      'Client ids under which this server is registered at the issuer for logout: `aud` of a logout token must name one of them and nobody else.',
    expected: 'a non-empty list of client ids',
    example: ['client-1'],
  }),
  requireType: field(z.boolean().default(false), {
    description:
      'Refuse logout tokens whose header does not say `logout+jwt`. Some issuers send `JWT` or nothing there, which is accepted by default.',
    expected: 'true or false',
    example: true,
  }),
});

export const backChannelLogoutSchema: z.ZodType<BackChannelLogoutValues, BackChannelLogoutInput> = agreed<
  BackChannelLogoutInput,
  BackChannelLogoutValues
>()(backChannelLogout);
