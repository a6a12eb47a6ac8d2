import { expect, it } from 'vitest';
import { defaultOrigin, streamName } from '../../src/resolve/resolve-config.ts';

it('makes a stream name of any host name', () => {
  expect(streamName('pod-a.svc_1')).toBe('pod-a.svc_1');
  expect(streamName("Bob's Mac")).toBe('Bob-s-Mac');
  expect(streamName('x'.repeat(300))).toBe('x'.repeat(64));
  expect(streamName('')).toBe('sallyport');
});

it('makes a checkpoint origin of any resource', () => {
  expect(defaultOrigin('https://mcp.example.com/mcp')).toBe('mcp.example.com/mcp');
  expect(defaultOrigin('http://127.0.0.1:8080/')).toBe('127.0.0.1:8080');
  expect(defaultOrigin('https://a.example/x+y')).toBe('a.example/x%2By');
});
