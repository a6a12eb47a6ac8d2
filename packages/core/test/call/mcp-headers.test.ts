import { describe, expect, test } from 'vitest';
import { readMcpHeaders } from '../../src/call/mcp-headers.ts';

describe('readMcpHeaders', () => {
  test('finds the three headers whatever the case of their names', () => {
    const headers = readMcpHeaders([
      'MCP-PROTOCOL-VERSION',
      '2026-07-28',
      'mcp-method',
      'tools/call',
      'Mcp-NAME',
      'echo',
    ]);
    expect(headers).toEqual({ protocolVersion: ['2026-07-28'], method: ['tools/call'], name: ['echo'] });
  });

  test('leaves out what is missing and ignores other headers', () => {
    const headers = readMcpHeaders([
      'Host',
      'localhost',
      'Mcp-Session-Id',
      'x',
      'Accepted',
      'mcp-name',
      'Mcp-Namf',
      'y',
    ]);
    expect(headers).toEqual({ protocolVersion: [], method: [], name: [] });
  });

  test('keeps every field line, so that duplicates show', () => {
    const headers = readMcpHeaders(['Mcp-Name', 'a', 'mcp-name', 'b', 'MCP-Name', 'a']);
    expect(headers.name).toEqual(['a', 'b', 'a']);
  });

  test('removes spaces and tabs around a value and nothing else', () => {
    expect(readMcpHeaders(['Mcp-Name', ' \t a b\t ']).name).toEqual(['a b']);
    expect(readMcpHeaders(['Mcp-Name', '\u00a0a\u00a0']).name).toEqual(['\u00a0a\u00a0']);
    expect(readMcpHeaders(['Mcp-Name', '  ']).name).toEqual(['']);
  });

  test('copes with a list that ends in a name', () => {
    expect(readMcpHeaders(['Mcp-Name']).name).toEqual([]);
  });
});
