import { describe, expect, it } from 'vitest';
import { addressBlock, createClientAddress } from '../../src/network/client-address.ts';
import { fakeRequest } from '../support/fake-request.ts';

function addressOf(trusted: readonly string[] | number, remoteAddress: string, forwarded?: string): string {
  const lines = forwarded === undefined ? [] : [['X-Forwarded-For', forwarded] as const];
  return createClientAddress(trusted)(fakeRequest(lines, { remoteAddress }));
}

describe('createClientAddress', () => {
  it('takes the peer when no proxy is trusted, whatever it forwards', () => {
    expect(addressOf([], '192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
    expect(addressOf(0, '192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
  });

  it('takes the last address that no trusted proxy wrote', () => {
    expect(addressOf(['10.0.0.0/8'], '10.0.0.1', '198.51.100.7, 203.0.113.9, 10.0.0.2')).toBe('203.0.113.9');
  });

  it('does not believe a peer that is no trusted proxy', () => {
    expect(addressOf(['10.0.0.0/8'], '192.0.2.1', '203.0.113.9')).toBe('192.0.2.1');
  });

  it('counts proxies from the nearest one on', () => {
    expect(addressOf(1, '10.0.0.1', '198.51.100.7, 203.0.113.9')).toBe('203.0.113.9');
    expect(addressOf(2, '10.0.0.1', '198.51.100.7, 203.0.113.9')).toBe('198.51.100.7');
  });

  it('takes the farthest address there is when proxies are missing', () => {
    expect(addressOf(3, '10.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
  });

  it('writes a mapped IPv4 address as the address it is', () => {
    expect(addressOf([], '::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressOf([], '2001:db8::1')).toBe('2001:db8::1');
  });
});

describe('what a proxy forwards', () => {
  it.each([
    ['203.0.113.9:51000', '203.0.113.9'],
    ['[2001:db8::1]:51000', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['unknown7', 'unknown'],
    ['_hidden:80', 'unknown'],
  ])('%s counts as %s', (forwarded, address) => {
    expect(addressOf(['10.0.0.1'], '10.0.0.1', forwarded)).toBe(address);
  });
});

describe('addressBlock', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['unknown', 'unknown'],
  ])('counts %s under %s', (address, block) => {
    expect(addressBlock(address)).toBe(block);
  });

  it('counts all addresses of one /64 together', () => {
    expect(addressBlock('2001:db8:1:2::1')).toBe(addressBlock('2001:db8:1:2:ffff:ffff:ffff:ffff'));
    expect(addressBlock('2001:db8:1:2::1')).not.toBe(addressBlock('2001:db8:1:3::1'));
  });
});
