import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { VerifyReport } from '@sallyport/audit';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { runCli, type Ran } from './support/cli.ts';
import { modern, send } from './support/mcp-request.ts';
import { openCall } from './support/open-call.ts';
import { startTarget, waitFor, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let idp: DevIdp;
let token: string;
let target: Target;
/** A copy of the log, the pinned key and a checkpoint that was held outside. */
let folder: string;
let key: string;
let held: string;

/** Two starts of the target: the first is killed in the middle of a call, the second is closed. */
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  token = await idp.mintToken({ subject: 'caller', scopes: ['echo:call'] });
  target = await startTarget({ issuer: idp.issuer });
  await calls(12);
  const running = openCall(target.url, modern('tools/call', { name: 'sleep', arguments: { ms: 60_000 } }, { token }));
  await waitFor(() => target.effects().find(({ tool }) => tool === 'sleep'), 'the tool to run');
  target.process.kill('SIGKILL');
  await running.ended;
  const again = await startTarget({ issuer: idp.issuer, folder: target.folder });
  target = again;
  await calls(12);
  await target.stop();
  folder = path.join(target.folder, 'copy');
  cpSync(target.auditDirectory, folder, { recursive: true });
  key = path.join(target.folder, 'log.pub');
  cpSync(path.join(folder, 'signing-target.pub'), key);
  held = path.join(target.folder, 'held.checkpoint');
  cpSync(path.join(folder, filesOf('.checkpoint').at(-1) ?? ''), held);
});
afterAll(async () => {
  await target.remove();
  await idp.close();
});

async function calls(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const name = index % 3 === 2 ? 'write-note' : 'echo';
    await send(target.url, modern('tools/call', { name, arguments: { text: `${index}` } }, { token }));
  }
}

const filesOf = (ending: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .toSorted();

const run = (...args: readonly string[]): Promise<Ran> => runCli(args);

/** Verifies a damaged copy. */
async function verifyDamaged(
  damage: (copy: string) => void,
  ...args: readonly string[]
): Promise<VerifyReport & Pick<Ran, 'code'>> {
  const copy = path.join(target.folder, 'damaged');
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  damage(copy);
  const { code, stdout } = await run('audit', 'verify', copy, '--key', key, '--json', ...args);
  return { ...(JSON.parse(stdout) as VerifyReport), code };
}

function edit(file: string, change: (lines: string[]) => string[]): void {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(
    file,
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

describe('the log of a server that was killed and started again', () => {
  verifies(
    ['G-22', 'WALK-11-ABORTED'],
    'verifies offline, from a copy: the tree goes on over both starts, and what no checkpoint covered before the kill is told (G-22)',
    async () => {
      const { code, stdout } = await run('audit', 'verify', folder, '--key', key, '--checkpoint', held);
      expect(stdout).toMatch(
        /^records 0–\d+ no gaps {3}allows 17\/17 with outcome {3}denies 8 .* signer PASS {3}time PASS {3}complete PASS .* exit 3$/m,
      );
      expect(stdout.match(/UNCONFIRMED {2}\S+ \w+/g)).toEqual(['UNCONFIRMED  content adopted_unsigned']);
      expect(stdout).not.toContain('FAIL');
      expect(code).toBe(3);
    },
  );

  const drills: readonly [string, string, (copy: string, segments: string[]) => void, number, boolean?][] = [
    [
      'altered',
      'altered',
      (copy, [a = '']) => edit(path.join(copy, a), (lines) => lines.map((line) => line.replace('"allow"', '"deny" '))),
      1,
    ],
    ['deleted', 'deleted', (copy, [a = '']) => edit(path.join(copy, a), (lines) => lines.toSpliced(4, 2)), 1],
    [
      'reordered',
      'reordered',
      (copy, [a = '']) => edit(path.join(copy, a), (lines) => [lines[0] ?? '', ...lines.slice(1).toReversed()]),
      1,
    ],
    ['truncated', 'cut at the end', (copy, [, b = '']) => edit(path.join(copy, b), (lines) => lines.slice(0, -1)), 1],
    ['truncated', 'cut in the middle', (copy, [a = '']) => edit(path.join(copy, a), (lines) => lines.slice(0, -1)), 1],
    [
      'signature_missing',
      'robbed of a signature',
      (copy, [, b = '']) => edit(path.join(copy, b.replace('jsonl', 'checkpoint')), (lines) => lines.slice(0, 3)),
      1,
    ],
    [
      'truncated',
      'cut together with its last checkpoint',
      (copy, [, b = '']) => {
        edit(path.join(copy, b), (lines) => lines.slice(0, -3));
        rmSync(path.join(copy, b.replace('jsonl', 'checkpoint')));
      },
      1,
      true,
    ],
  ];
  for (const [code, name, damage, exit, outside] of drills) {
    verifies('G-22', `is refuted when it was ${name} (G-22)`, async () => {
      const segments = filesOf('.jsonl');
      const extra = outside === true ? ['--checkpoint', held] : [];
      const report = await verifyDamaged((copy) => damage(copy, segments), ...extra);
      expect(report.findings.map((finding) => finding.code)).toContain(code);
      expect({ code: report.code, exitCode: report.exitCode }).toEqual({ code: exit, exitCode: exit });
    });
  }

  verifies(
    'G-22',
    'of one stream has one writer at a time: a second one does not start and changes nothing (G-22)',
    async () => {
      const first = await startTarget({ issuer: idp.issuer });
      try {
        await expect(startTarget({ issuer: idp.issuer, folder: first.folder })).rejects.toThrow('ERR_AUDIT_LOCKED');
        await first.stop();
        expect((await run('audit', 'verify', first.auditDirectory, '-q')).code).toBe(3);
      } finally {
        await first.remove();
      }
    },
  );
});

verifies('G-22', 'a proof of one call is verified without the log (G-22)', async () => {
  const { call = '' } = target.records().find(({ type }) => type === 'mcp.outcome') ?? {};
  const file = path.join(target.folder, 'call.proof.json');
  expect((await run('audit', 'prove', folder, '--call', call, '--out', file, '-q')).code).toBe(0);
  const { code, stdout } = await run('audit', 'verify', '--proof', file, '--key', key, '-q');
  expect(stdout).toBe('records 2/2 proven   content PASS   signer PASS   exit 0\n');
  expect(code).toBe(0);
});
