import { describe, expect, it } from 'vitest';
import { createHostPolicy } from '../../src/network/host-policy.ts';

const { allows } = createHostPolicy(['mcp.example.com', 'Localhost', '127.0.0.1', '[::1]', 'pinned.example:8443']);

describe('createHostPolicy', () => {
  it.each([
    'mcp.example.com',
    'MCP.Example.COM',
    'mcp.example.com:443',
    'localhost:3000',
    '127.0.0.1:65535',
    '[::1]',
    '[::1]:8080',
    'pinned.example:8443',
  ])('allows %s', (authority) => {
    expect(allows(authority)).toBe(true);
  });

  it.each([
    ['an empty value', ''],
    ['only a port', ':443'],
    ['another name', 'evil.example'],
    ['a longer name', 'mcp.example.com.evil.example'],
    ['a name with a prefix', 'evil-mcp.example.com'],
    ['a trailing dot', 'mcp.example.com.'],
    ['user information', 'user@mcp.example.com'],
    ['user information that looks like host and port', 'mcp.example.com:80@evil.example'],
    ['a port that is too large', 'mcp.example.com:65536'],
    ['a port that is no number', 'mcp.example.com:80a'],
    ['a port with a sign', 'mcp.example.com:+80'],
    ['a port with many digits', 'mcp.example.com:000080'],
    ['an empty port', 'mcp.example.com:'],
    ['two ports', 'mcp.example.com:80:80'],
    ['a path', 'mcp.example.com/x'],
    ['a space', 'mcp.example.com '],
    ['the address as one number', '2130706433'],
    ['a shortened address', '127.1'],
    ['the IPv6 address without brackets', '::1'],
    ['text after the bracket', '[::1]evil'],
    ['an open bracket', '[::1'],
    ['another port of an entry with a port', 'pinned.example:8444'],
    ['no port of an entry with a port', 'pinned.example'],
  ])('refuses %s', (_name, authority) => {
    expect(allows(authority)).toBe(false);
  });
});
