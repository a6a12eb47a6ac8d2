import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createTrustedPeer } from '../../src/network/trusted-peer.ts';
import { fakeRequest } from '../support/fake-request.ts';

const from = (remoteAddress: string, ...lines: [string, string][]): ReturnType<typeof fakeRequest> =>
  fakeRequest(lines, { remoteAddress });

describe('createTrustedPeer', () => {
  test('trusts the addresses and ranges of the list and nobody else', () => {
    const isTrusted = createTrustedPeer(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);
    for (const address of ['10.1.2.3', '192.0.2.7', '::ffff:10.1.2.3', 'fd00::1'])
      expect(isTrusted(from(address)), address).toBe(true);
    for (const address of ['11.0.0.1', '192.0.2.8', '127.0.0.1', '::1', 'fe80::1', '::ffff:11.0.0.1'])
      expect(isTrusted(from(address)), address).toBe(false);
  });

  test('asks the connection and not what the request says of its way (K-25)', () => {
    const isTrusted = createTrustedPeer(['10.0.0.0/8']);
    expect(isTrusted(from('192.0.2.1', ['X-Forwarded-For', '10.0.0.1'], ['Forwarded', 'for=10.0.0.1']))).toBe(false);
    expect(isTrusted(from('10.0.0.1', ['X-Forwarded-For', '192.0.2.1']))).toBe(true);
  });

  test('trusts nobody by a hop count, by an empty list, and on a socket without an address', () => {
    for (const trusted of [1, 32, []]) expect(createTrustedPeer(trusted)(from('127.0.0.1'))).toBe(false);
    expect(createTrustedPeer(['10.0.0.0/8'])(new IncomingMessage(new Socket()))).toBe(false);
  });
});
