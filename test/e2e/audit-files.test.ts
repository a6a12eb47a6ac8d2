import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { modern, send } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard();
  await guard.send({});
  await guard.expectNextAnswered();
});
afterAll(() => guard.close());

const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe('the files of the log', () => {
  verifies('G-30', 'belong to their owner alone: folder 0700, every file 0600 (G-30)', () => {
    const { auditDirectory: directory } = guard.target;
    expect(mode(directory)).toBe('700');
    const files = readdirSync(directory);
    expect(files.some((name) => name.endsWith('.jsonl'))).toBe(true);
    expect(files.some((name) => name.endsWith('.key'))).toBe(true);
    const open = files.filter((name) => mode(path.join(directory, name)) !== '600');
    // The public key is for others to read.
    expect(open.filter((name) => !name.endsWith('.pub'))).toEqual([]);
  });

  verifies('G-30', 'are served by no path and reached through no resource and no argument (G-30)', async () => {
    const { origin, url, auditDirectory: directory } = guard.target;
    const segment = readdirSync(directory).find((name) => name.endsWith('.jsonl')) ?? '';
    const file = path.join(directory, segment);
    const headers = { authorization: `Bearer ${guard.good}` };
    const names = [
      '/audit',
      `/audit/${segment}`,
      `/${segment}`,
      '/.well-known/audit',
      '/mcp/audit',
      `/mcp/../audit/${segment}`,
    ];
    for (const name of [...names, file, `/..%2f..${file}`, `/%2e%2e${file}`]) {
      const answer = await send(origin, { method: 'GET', headers, target: name });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toContain('"boot"');
    }
    for (const uri of [
      `file://${file}`,
      `note:///..${file}`,
      `note:///${encodeURIComponent(`../..${file}`)}`,
      'audit:///',
    ]) {
      const { text } = await send(url, modern('resources/read', { uri }, { token: guard.good }));
      expect(text).not.toContain('"boot"');
    }
    const { text } = await send(
      url,
      modern('tools/call', { name: 'read-note', arguments: { id: file } }, { token: guard.good }),
    );
    expect(text).not.toContain('"boot"');
  });
});
