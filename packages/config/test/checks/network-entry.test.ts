import { describe, expect, it } from 'vitest';
import { checkHost, checkOrigin, checkProxy } from '../../src/checks/network-entry.ts';

describe('allowed hosts', () => {
  it('are names and addresses as a Host header spells them', () => {
    for (const host of [
      'a',
      'mcp.example.com',
      'MCP.Example.com:8080',
      '127.0.0.1',
      '127.0.0.1:1',
      '[::1]',
      '[2001:db8::1]:65535',
      'my_host',
    ]) {
      expect(checkHost(host)).toBeUndefined();
    }
  });

  it('are nothing else', () => {
    const hosts = [
      '',
      '*',
      'a/b',
      'a:0',
      'a:65536',
      'a:',
      ':80',
      '.a',
      'a.',
      'a..b',
      'user@a',
      '[::1',
      '[::1]x',
      '[a]',
      '[fe80::1%25eth0]',
      'fe80::1%eth0',
      'bücher',
      'a b',
      '1.2.3.4.5',
      '256.1.1.1',
    ];
    for (const host of hosts) expect(checkHost(host), host).toBeDefined();
  });

  it('have one spelling', () => {
    expect(checkHost('::1')).toMatchObject({ suggestion: '[::1]' });
    expect(checkHost('[0:0::1]:80')).toMatchObject({ suggestion: '[::1]:80' });
    expect(checkHost('0x7f.1')).toMatchObject({ suggestion: '127.0.0.1' });
  });
});

describe('allowed origins', () => {
  it('are serialized origins', () => {
    for (const origin of ['https://app.example.com', 'http://localhost:3000', 'https://[::1]:8443'])
      expect(checkOrigin(origin)).toBeUndefined();
  });

  it('are nothing else', () => {
    const origins = [
      '',
      '*',
      'null',
      'app.example.com',
      'https://',
      'https://*',
      'file://',
      'chrome-extension://abc',
      'https://u@a',
      'https://a\\b',
      'https://a/',
      'https://a:443',
      'https://A',
      'https://a?',
      'https://a b',
    ];
    for (const origin of origins) expect(checkOrigin(origin), origin).toBeDefined();
  });
});

describe('trusted proxies', () => {
  it('are addresses and ranges', () => {
    for (const proxy of [
      '10.0.0.1',
      '10.0.0.0/8',
      '192.0.2.1/32',
      '::1',
      'fd00::/8',
      '2001:db8::1/128',
      '::ffff:10.0.0.1',
      '::ffff:10.0.0.0/104',
    ]) {
      expect(checkProxy(proxy), proxy).toBeUndefined();
    }
  });

  it('are nothing else', () => {
    const proxies = [
      '',
      'loopback',
      'proxy.example',
      '10.0.0',
      '10.0.0.0/',
      '10.0.0.0/33',
      '10.0.0.0/08',
      '10.0.0.0/8/8',
      '10.0.0.0/-1',
      '::/129',
      'fe80::1%eth0',
      'fe80::%1/64',
      '10.0.0.0/255.0.0.0',
      '[::1]',
    ];
    for (const proxy of proxies) expect(checkProxy(proxy), proxy).toEqual({});
  });

  it('never cover every address', () => {
    for (const proxy of [
      '0.0.0.0/0',
      '10.0.0.0/0',
      '::/0',
      'fd00::/0',
      '::ffff:0:0/96',
      '::ffff:1.2.3.4/96',
      '::/64',
    ]) {
      expect(checkProxy(proxy)?.problem, proxy).toContain('covers every address');
    }
    expect(checkProxy('2001:db8::/32')).toBeUndefined();
  });
});
