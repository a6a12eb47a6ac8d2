import { describe, expect, it } from 'vitest';
import { createAddressPolicy, isLoopbackHost } from '../../src/keys/address-policy.ts';

const strict = createAddressPolicy({ allowPrivateAddresses: false, allowLoopback: false });
const loopbackToo = createAddressPolicy({ allowPrivateAddresses: false, allowLoopback: true });
const open = createAddressPolicy({ allowPrivateAddresses: true, allowLoopback: false });

const PUBLIC = [
  '8.8.8.8',
  '93.184.216.34',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '64:ff9b::808:808',
  '2002:808:808::1',
  '::ffff:0:8.8.8.8',
];
const PRIVATE = [
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '198.18.0.1',
  'fc00::1',
  'fd12:3456::1',
  '::ffff:10.0.0.1',
  '::ffff:c0a8:101',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '2002:a00:1::',
  '::10.0.0.1',
  '::ffff:0:10.0.0.1',
  '::ffff:0:c0a8:101',
];
const LOOPBACK = [
  '127.0.0.1',
  '127.255.255.254',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '::ffff:0:7f00:1',
];
const NEVER = [
  '0.0.0.0',
  '0.1.2.3',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '::ffff:169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '::ffff:0:169.254.169.254',
  '2001::1',
  'not an address',
  '',
];

describe('createAddressPolicy', () => {
  it('allows public addresses', () => {
    for (const policy of [strict, loopbackToo, open]) expect(PUBLIC.filter((address) => !policy(address))).toEqual([]);
  });

  // @verifies TOKEN-KEYS-ADDRESSES
  it('refuses private addresses unless they are allowed, in every spelling', () => {
    expect(PRIVATE.filter(strict)).toEqual([]);
    expect(PRIVATE.filter(loopbackToo)).toEqual([]);
    expect(PRIVATE.filter((address) => !open(address))).toEqual([]);
  });

  it('refuses loopback addresses unless they or private ones are allowed', () => {
    expect(LOOPBACK.filter(strict)).toEqual([]);
    expect(LOOPBACK.filter((address) => !loopbackToo(address))).toEqual([]);
    expect(LOOPBACK.filter((address) => !open(address))).toEqual([]);
  });

  // @verifies TOKEN-KEYS-ADDRESSES
  it('never allows link-local, multicast and reserved addresses', () => {
    for (const policy of [strict, loopbackToo, open]) expect(NEVER.filter(policy)).toEqual([]);
  });
});

describe('isLoopbackHost', () => {
  it('knows the names and literals of this machine', () => {
    for (const host of ['localhost', 'idp.localhost', '127.0.0.1', '127.1.2.3', '[::1]'])
      expect(isLoopbackHost(host)).toBe(true);
    for (const host of ['localhost.evil.example', '10.0.0.1', 'example.com', '[::2]', ''])
      expect(isLoopbackHost(host)).toBe(false);
  });
});
