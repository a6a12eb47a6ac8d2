import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuditLog } from '../../src/log/open-audit-log.ts';
import { proveRecords } from '../../src/verify/prove-records.ts';
import { verifyAuditLog } from '../../src/verify/verify-audit-log.ts';
import { verifyProofFile } from '../../src/verify/verify-proof-file.ts';
import { allow, deny, outcome } from '../support/entries.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const stream = 'pod-a';
const origin = 'https://mcp.example.com';
const directory = mkdtempSync(join(tmpdir(), 'sallyport-verify-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let keys: string[] = [];
let held = { source: 'held', note: '' };

/** Three starts of the real writer; the second one is not closed. */
beforeAll(async () => {
  for (const start of [0, 1, 2]) {
    const log = await openAuditLog({ directory, stream, origin, signingKey: Buffer.alloc(32, 7) });
    for (let index = 0; index < 10; index += 1) {
      const decision = allow();
      await log.append(decision);
      await log.append(outcome(decision.call));
      await log.append(deny());
    }
    if (start === 1) await log.append(allow());
    await log.close();
  }
  keys = [readFileSync(join(directory, `signing-${stream}.pub`), 'utf8').trim()];
  const newest = filesOf(directory, '.checkpoint').at(-1) ?? '';
  held = { source: 'held', note: readFileSync(join(directory, newest), 'utf8') };
});

const filesOf = (of: string, ending: string): string[] =>
  readdirSync(of)
    .filter((name) => name.endsWith(ending))
    .toSorted();

async function copy(): Promise<string> {
  const to = await temporaryDirectory();
  cpSync(directory, to, { recursive: true });
  return to;
}

describe('the log of the real writer', () => {
  it('is confirmed, with its key pinned and its newest checkpoint held outside', async () => {
    const report = await verifyAuditLog(directory, { keys, checkpoints: [held] });
    expect(report.findings.filter(({ code }) => code !== 'open_call' && code !== 'no_outcome')).toEqual([]);
    expect(report).toMatchObject({ content: 'PASS', signer: 'PASS', time: 'PASS' });
    expect(report.covered).toBe(report.records);
    expect(report.records).toBeGreaterThan(90);
  });

  it('has a proof for every record', async () => {
    const { records } = await verifyAuditLog(directory);
    const numbers = Array.from({ length: records }, (_, seq) => seq);
    const proof = await proveRecords(directory, { records: new Map([[stream, numbers]]) });
    expect(verifyProofFile(proof, { keys, checkpoints: [held] })).toMatchObject({ exitCode: 0, proven: records });
  });

  // @verifies G-22
  it('does not hide the change of a single byte before the last checkpoint that is held outside', async () => {
    const changed = await copy();
    const segments = filesOf(directory, '.jsonl');
    const originals = new Map(segments.map((file) => [file, readFileSync(join(directory, file))]));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...segments),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (file, at, by) => {
          const original = originals.get(file) ?? Buffer.alloc(0);
          const bytes = Buffer.from(original);
          const position = at % bytes.length;
          bytes[position] = (bytes[position] ?? 0) ^ by;
          writeFileSync(join(changed, file), bytes);
          try {
            const report = await verifyAuditLog(changed, { keys, checkpoints: [held] });
            expect(report.exitCode).toBe(1);
            expect(report.findings[0]?.verdict).toBe('FAIL');
          } finally {
            writeFileSync(join(changed, file), original);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  // @verifies G-22
  it('does not hide that it was cut anywhere before the last checkpoint that is held outside', async () => {
    const changed = await copy();
    const last = filesOf(directory, '.jsonl').at(-1) ?? '';
    const original = readFileSync(join(directory, last));
    for (const file of filesOf(changed, '.checkpoint')) rmSync(join(changed, file));
    for (let size = original.length - 1; size > 0; size -= 97) {
      writeFileSync(join(changed, last), original.subarray(0, size));
      const report = await verifyAuditLog(changed, { keys, checkpoints: [held] });
      expect(report.exitCode).toBe(1);
      expect(report.findings.map(({ code }) => code)).toContain('truncated');
    }
  });
});
