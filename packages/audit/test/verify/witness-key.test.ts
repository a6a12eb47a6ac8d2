import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyAuditLog } from '../../src/verify/verify-audit-log.ts';
import { parseWitnessKey } from '../../src/verify/witness-key.ts';
import { checkpointOf, signingKey, usual, writeSignedLog } from '../support/signed-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const name = 'witness.example/w1';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const encoded = Buffer.concat([Buffer.of(0x04), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
const keyId = createHash('sha256').update(`${name}\n`).update(encoded).digest().subarray(0, 4);
const vkey = `${name}+${keyId.toString('hex')}+${encoded.toString('base64')}`;

/** A checkpoint with the line of a witness: C2SP cosignature/v1. */
function cosigned(checkpoint: string, at: bigint): string {
  const text = checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(at);
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${at}\n${text}`), privateKey);
  return `${checkpoint}\u2014 ${name} ${Buffer.concat([keyId, time, signature]).toString('base64')}\n`;
}

it('a timestamped cosignature of a witness counts, and one with another time does not hold', async () => {
  const directory = await temporaryDirectory();
  const { tree } = writeSignedLog(directory, { segments: [usual(0, 12)] });
  const file = join(directory, `audit-pod-a-${'0'.repeat(20)}.checkpoint`);
  const options = { keys: [signingKey.verifier.vkey], witnesses: [vkey] };
  expect((await verifyAuditLog(directory, options)).findings).toMatchObject([{ code: 'witness_missing' }]);
  writeFileSync(file, cosigned(checkpointOf(tree), 1_795_208_400n));
  expect(await verifyAuditLog(directory, options)).toMatchObject({ exitCode: 0, findings: [] });
  const forged = cosigned(checkpointOf(tree), 1_795_208_400n).replace(/(w1 .{10})../, '$1AA');
  writeFileSync(file, forged);
  expect((await verifyAuditLog(directory, options)).findings.map(({ code }) => code)).toContain('signature_invalid');
});

it('a key whose id is not its own is none', () => {
  expect(() => parseWitnessKey(vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toThrow('is not that of the key');
  expect(parseWitnessKey(signingKey.verifier.vkey)).toMatchObject({ name: signingKey.name });
  expect(() => parseWitnessKey('rubbish')).toThrow('a verifier key is');
});
