import { describe, expect, it } from 'vitest';
import { serverUrl } from '../../src/try/server-url.ts';

describe('serverUrl', () => {
  it('takes --url before SALLYPORT_URL before the default', () => {
    const env = { SALLYPORT_URL: 'https://env.example.com/mcp' };
    expect(serverUrl('https://mcp.example.com/mcp', env).href).toBe('https://mcp.example.com/mcp');
    expect(serverUrl(undefined, env).href).toBe('https://env.example.com/mcp');
    expect(serverUrl(undefined, { SALLYPORT_URL: '' }).href).toBe('http://127.0.0.1:8080/mcp');
  });

  it.each(['http://127.0.0.1:8080/mcp', 'http://127.1.2.3/mcp', 'http://localhost/mcp', 'http://[::1]:9/mcp'])(
    'takes http on this machine: %s',
    (url) => {
      expect(serverUrl(url, {}).href).toBe(url);
    },
  );

  it.each([
    ['http://mcp.example.com/mcp', 'is http to another machine'],
    ['http://127.0.0.1.example.com/mcp', 'is http to another machine'],
    ['http://localhost.example.com/mcp', 'is http to another machine'],
    ['http://192.168.0.7/mcp', 'is http to another machine'],
    ['ftp://127.0.0.1/mcp', 'is not an http or https URL'],
    ['mcp.example.com', 'is not an http or https URL'],
    ['https://user:pass@mcp.example.com/mcp', 'has user information'],
    ['https://mcp.example.com/mcp#x', 'has user information or a fragment'],
  ])('refuses %s', (url, problem) => {
    const thrown = { code: 'ERR_CLI_USAGE', problem: expect.stringContaining(problem) as string };
    expect(() => serverUrl(url, {})).toThrow(expect.objectContaining({ ...thrown, field: '--url' }) as Error);
    expect(() => serverUrl(undefined, { SALLYPORT_URL: url })).toThrow(
      expect.objectContaining({ ...thrown, field: 'SALLYPORT_URL' }) as Error,
    );
  });

  it('does not repeat a password that stands in the URL', () => {
    expect(() => serverUrl('https://user:hunter2@mcp.example.com/', {})).not.toThrow('hunter2');
  });
});
