import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from '../../src/tree/hash-leaf.ts';
import { inclusionProof } from '../../src/tree/prove.ts';
import { createTree } from '../../src/tree/tree.ts';
import { InclusionProver } from '../../src/verify/inclusion-prover.ts';
import { parseProofFile } from '../../src/verify/proof-file.ts';
import { proveRecords } from '../../src/verify/prove-records.ts';
import { verifyProofFile } from '../../src/verify/verify-proof-file.ts';
import { checkpointOf, edit, keyOf, signingKey, stream, usual, writeSignedLog } from '../support/signed-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const three = [usual(0, 12), usual(12, 10), usual(22, 8)];
const keys = [signingKey.verifier.vkey];
const wanted = (...numbers: number[]) => ({ records: new Map([[stream, numbers]]) });

it('a proof that is made while lines go by is the proof of RFC 9162, whatever frontier it begins with', () => {
  const lines = Array.from({ length: 70 }, (_, index) => Buffer.from(`line ${index}`));
  const leaves = lines.map(leafHash);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 70 }),
      fc.nat(),
      fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
      (size, at, some) => {
        const begin = at % size;
        const indices = [...new Set(some.map((one) => begin + (one % (size - begin))))].toSorted((a, b) => a - b);
        const before = createTree();
        for (const line of lines.slice(0, begin)) before.appendLine(line);
        const prover = new InclusionProver(before.frontier(), indices);
        for (const line of lines.slice(begin, size)) prover.append(line);
        for (const index of indices) expect(prover.proof(index)).toEqual(inclusionProof(leaves, index, size));
      },
    ),
  );
});

describe('a proof file', () => {
  it('holds lines and paths, and is verified without the log', async () => {
    const directory = await temporaryDirectory();
    writeSignedLog(directory, { segments: three });
    const file = await proveRecords(directory, wanted(13, 5, 25));
    const read = parseProofFile(JSON.stringify(file), 'proof.json');
    const [proof] = read.streams;
    expect(proof?.records.map(({ index, line }) => [index, (JSON.parse(line) as { seq: number }).seq])).toEqual([
      [5, 5],
      [13, 13],
      [25, 25],
    ]);
    const report = verifyProofFile(read, { keys });
    expect(report).toMatchObject({ content: 'PASS', signer: 'PASS', exitCode: 0, records: 3, proven: 3, findings: [] });
    expect(report.checkpoints).toMatchObject([{ size: 30, result: 'matched' }]);
    expect(verifyProofFile(read)).toMatchObject({ signer: 'UNCONFIRMED', exitCode: 3 });
  });

  it('is made against the oldest checkpoint that covers the record, or the one that is given', async () => {
    const directory = await temporaryDirectory();
    const { checkpointAt } = writeSignedLog(directory, { segments: three });
    const oldest = await proveRecords(directory, wanted(3));
    expect(oldest.streams[0]?.checkpoint).toContain('\n12\n');
    const held = { source: 'held', note: checkpointAt(17) };
    const proof = await proveRecords(directory, { ...wanted(3, 16), to: [held] });
    expect(proof.streams[0]?.checkpoint).toBe(held.note);
    expect(verifyProofFile(proof, { keys, checkpoints: [held] })).toMatchObject({ exitCode: 0 });
    await expect(proveRecords(directory, { ...wanted(17), to: [held] })).rejects.toMatchObject({
      code: 'ERR_AUDIT_DAMAGED',
    });
  });

  it('works for a log whose beginning was deleted by retention', async () => {
    const directory = await temporaryDirectory();
    writeSignedLog(directory, { segments: three, firstSeq: 12 });
    expect(verifyProofFile(await proveRecords(directory, wanted(14, 29)), { keys })).toMatchObject({
      exitCode: 0,
      proven: 2,
    });
    await expect(proveRecords(directory, wanted(3))).rejects.toMatchObject({ code: 'ERR_AUDIT_DAMAGED' });
  });

  it('is not made of a log that does not give its root', async () => {
    const directory = await temporaryDirectory();
    const { files } = writeSignedLog(directory, { segments: three });
    edit(directory, files[0] ?? '', (text) => text.replace('tools.echo', 'tools.evil'));
    await expect(proveRecords(directory, wanted(3))).rejects.toMatchObject({ code: 'ERR_AUDIT_DAMAGED' });
  });

  it('does not prove another line, another place, or the word of another signer', async () => {
    const directory = await temporaryDirectory();
    const { tree } = writeSignedLog(directory, { segments: three });
    const text = JSON.stringify(await proveRecords(directory, wanted(13, 25)));
    const verify = (changed: string) => verifyProofFile(parseProofFile(changed, 'proof.json'), { keys });
    const line = verify(text.replace('tools.echo', 'tools.evil'));
    expect(line).toMatchObject({ exitCode: 1, proven: 1, findings: [{ code: 'not_included', seq: 13 }] });
    expect(verify(text.replace('"index":25', '"index":24'))).toMatchObject({ exitCode: 1, proven: 1 });
    const evil = JSON.stringify(checkpointOf(tree, keyOf(2))).slice(1, -1);
    const forged = verify(text.replace(/"checkpoint":"[^"]*"/, () => `"checkpoint":"${evil}"`));
    expect(forged).toMatchObject({ exitCode: 1, signer: 'FAIL', findings: [{ code: 'key_changed' }] });
  });

  it('that was made for another history than the checkpoint held outside is refuted', async () => {
    const directory = await temporaryDirectory();
    const { checkpointAt } = writeSignedLog(directory, { segments: three });
    const other = await temporaryDirectory();
    writeSignedLog(other, { segments: three, change: (line) => line.replace('tools.echo', 'tools.evil') });
    const proof = await proveRecords(other, wanted(25));
    expect(verifyProofFile(proof, { keys })).toMatchObject({ exitCode: 0 });
    const held = [{ source: 'held', note: checkpointAt(30) }];
    expect(verifyProofFile(proof, { keys, checkpoints: held })).toMatchObject({
      exitCode: 1,
      findings: [{ code: 'forked' }],
    });
    const older = [{ source: 'held', note: checkpointAt(20) }];
    expect(verifyProofFile(proof, { keys, checkpoints: older })).toMatchObject({ exitCode: 3 });
  });

  it('that is none is refused', async () => {
    for (const text of ['', '[]', '{"v":1}', '{"v":1,"kind":"sallyport-audit-proof","streams":[{}]}']) {
      expect(() => parseProofFile(text, 'x')).toThrow('the file is no proof');
    }
    const directory = await temporaryDirectory();
    writeFileSync(join(directory, 'x'), '');
    await expect(proveRecords(directory, wanted(1))).rejects.toMatchObject({ code: 'ERR_AUDIT_DAMAGED' });
  });
});
