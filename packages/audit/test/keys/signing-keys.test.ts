import { generateKeyPairSync } from 'node:crypto';
import { chmod, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OperationalLogger } from '@sallyport/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createSigningKey,
  listSigningKeys,
  openAuditLog,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  pinKey,
  readPinnedKeys,
  rotateSigningKey,
  type OpenAuditLogOptions,
} from '../../src/index.ts';
import { parseSigningKey } from '../../src/keys/parse-signing-key.ts';
import { checkEvidence } from '../support/check-evidence.ts';
import { readAll } from '../support/read-records.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const seed = Buffer.alloc(32, 5);
const otherSeed = Buffer.alloc(32, 6);
const pem = String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
const name = 'log.example/pod-a';
const vkeyOf = (key: Uint8Array, of = name): string => createSigningKey(of, key).verifier.vkey;

/** Opens the log and closes it; returns what it said. */
async function run(directory: string, options: Partial<OpenAuditLogOptions> = {}): Promise<string[]> {
  const said: string[] = [];
  const say =
    (level: string) =>
    (facts: object, message: string): void =>
      void said.push(`${level} ${message} ${JSON.stringify(facts)}`);
  const logger: OperationalLogger = { info: say('info'), warn: say('warn'), error: say('error') };
  const hashKey = new Uint8Array(32).fill(7);
  const log = await openAuditLog({
    directory,
    stream: 'pod-a',
    hashKey,
    origin: 'log.example',
    log: logger,
    ...options,
  });
  onTestFinished(() => log.close());
  await log.append({ type: 'config.loaded' });
  await log.close();
  return said;
}

const pub = async (directory: string, file = 'signing-pod-a.pub'): Promise<string> =>
  (await readFile(join(directory, file), 'utf8')).trim();

describe('the signing key', () => {
  test.each([
    ['a seed', seed],
    ['a seed in hexadecimal', seed.toString('hex')],
    ['a seed in Base64', ` ${seed.toString('base64')}\n`],
    ['a seed in Base64url', seed.toString('base64url')],
  ])('is taken from the configuration as %s', async (_, signingKey) => {
    const directory = await temporaryDirectory();
    const said = await run(directory, { signingKey });
    expect(await pub(directory)).toBe(vkeyOf(seed));
    expect(await readdir(directory)).not.toContain('signing-pod-a.key');
    expect(said.filter((line) => line.startsWith('warn'))).toEqual([]);
    expect((await checkEvidence(directory)).checkpoints).toHaveLength(1);
  });

  test('is taken from the configuration as PKCS#8 in PEM', async () => {
    const directory = await temporaryDirectory();
    await run(directory, { signingKey: `\n${pem}` });
    expect((await checkEvidence(directory)).checkpoints).toHaveLength(1);
  });

  test.each([
    ['text', 'secret'],
    ['31 bytes', Buffer.alloc(31)],
    ['31 bytes in hexadecimal', Buffer.alloc(31).toString('hex')],
    ['64 bytes in Base64', Buffer.alloc(64).toString('base64')],
    ['a broken PEM', pem.replace('MC4', 'MC5')],
    ['a public key', String(generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }))],
    [
      'an RSA key',
      String(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' })),
    ],
  ])('that is %s stops the start, and is not shown', (_, signingKey) => {
    const thrown = (): unknown => parseSigningKey(signingKey);
    expect(thrown).toThrow(expect.objectContaining({ code: 'ERR_AUDIT_KEY', field: 'audit.signingKey' }));
    if (typeof signingKey === 'string') expect(thrown).not.toThrow(signingKey);
  });

  test('is made beside the log when none is configured, for its owner alone, with a loud line', async () => {
    const directory = await temporaryDirectory();
    const said = await run(directory);
    const file = join(directory, 'signing-pod-a.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(said.find((line) => line.includes('made a new signing key'))).toContain(await pub(directory));
    expect(await run(directory)).not.toContainEqual(expect.stringContaining('signing key'));
    expect(new Set((await checkEvidence(directory)).checkpoints.flatMap(({ keyIds }) => keyIds)).size).toBe(1);
  });

  test('is never in what is said', async () => {
    const directory = await temporaryDirectory();
    const said = (await run(directory)).join();
    const body = (await readFile(join(directory, 'signing-pod-a.key'), 'utf8')).split('\n')[1] ?? '';
    expect(body).not.toBe('');
    expect(said).not.toContain(body);
  });

  test('in a file that others can read stops the start', async () => {
    const directory = await temporaryDirectory();
    await run(directory);
    const file = join(directory, 'signing-pod-a.key');
    await chmod(file, 0o640);
    await expect(run(directory)).rejects.toMatchObject({
      code: 'ERR_AUDIT_KEY',
      file,
      problem: 'the signing key is accessible to others (mode 0640)',
      remedy: `run: chmod 600 ${file}`,
    });
  });

  test('in a file that is a link, or holds something else, stops the start', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'elsewhere'), pem, { mode: 0o600 });
    const file = join(directory, 'signing-pod-a.key');
    await symlink(join(directory, 'elsewhere'), file);
    await expect(run(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY', file });
    await rm(file);
    await writeFile(file, 'nothing', { mode: 0o600 });
    await expect(run(directory)).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY', file });
  });

  test('needs a name: an origin with white space stops the start', async () => {
    const directory = await temporaryDirectory();
    await expect(run(directory, { origin: 'log example' })).rejects.toMatchObject({
      code: 'ERR_AUDIT_KEY',
      field: 'audit.origin',
    });
  });

  test('whose verifier key was lost is the one the checkpoints say: the file is written again', async () => {
    const directory = await temporaryDirectory();
    await run(directory, { signingKey: seed });
    await rm(join(directory, 'signing-pod-a.pub'));
    await run(directory, { signingKey: seed });
    expect(await pub(directory)).toBe(vkeyOf(seed));
    await rm(join(directory, 'signing-pod-a.pub'));
    await expect(run(directory, { signingKey: otherSeed })).rejects.toMatchObject({ code: 'ERR_AUDIT_TAMPERED' });
  });
});

/** The handover of a key, opened with that key alone. */
async function handover(directory: string, oldKey: string): Promise<{ size: number; signedBy: number }> {
  const old = parseVerifierKey(oldKey);
  const note = await readFile(join(directory, `signing-pod-a+${old.keyId}.handover`), 'utf8');
  const { text, verified, unverified } = openNote(note, [old]);
  return { size: parseCheckpoint(text).size, signedBy: verified.length + unverified.length };
}

async function rotations(directory: string) {
  const { records } = await readAll(directory);
  return records.filter(({ type }) => type === 'audit.key_rotated').map(({ seq, detail }) => ({ seq, detail }));
}

describe('a rotation of the signing key', () => {
  test('beside the log: the next start records it, and the old key signs over that record', async () => {
    const directory = await temporaryDirectory();
    await run(directory);
    const made = await rotateSigningKey(directory, 'pod-a');
    expect(await pub(directory)).toBe(made.old.vkey);
    const said = await run(directory);
    expect(said).toContainEqual(expect.stringContaining('the old key has signed for it'));
    expect(await pub(directory)).toBe(made.new.vkey);
    expect(await pub(directory, `signing-pod-a+${made.old.keyId}.pub`)).toBe(made.old.vkey);
    const [rotation, ...more] = await rotations(directory);
    expect(more).toEqual([]);
    const { keyId: old, vkey: oldKey } = made.old;
    expect(rotation?.detail).toEqual({ kind: 'signing', old, new: made.new.keyId, oldKey, newKey: made.new.vkey });
    const proof = await handover(directory, made.old.vkey);
    expect(proof.size).toBeGreaterThan(rotation?.seq ?? Number.POSITIVE_INFINITY);
    expect(proof.signedBy).toBe(2);
    // The old key has nothing more to sign.
    expect((await readdir(directory)).filter((file) => file.endsWith('.key'))).toEqual(['signing-pod-a.key']);
    const { checkpoints } = await checkEvidence(directory);
    expect(checkpoints.map(({ keyIds }) => keyIds)).toEqual([[made.old.keyId], [made.new.keyId]]);
    expect(await run(directory)).not.toContainEqual(expect.stringContaining('new key'));
  });

  test('done twice before the next start replaces the key that never signed', async () => {
    const directory = await temporaryDirectory();
    await run(directory);
    const first = await rotateSigningKey(directory, 'pod-a');
    const second = await rotateSigningKey(directory, 'pod-a');
    expect(second.old.vkey).toBe(first.old.vkey);
    await run(directory);
    expect(await rotations(directory)).toMatchObject([{ detail: { old: first.old.keyId, new: second.new.keyId } }]);
    expect((await handover(directory, first.old.vkey)).signedBy).toBe(2);
  });

  test('in the configuration: the previous key signs for the new one', async () => {
    const directory = await temporaryDirectory();
    await run(directory, { signingKey: seed });
    await run(directory, { signingKey: otherSeed, previousSigningKey: seed });
    expect(await pub(directory)).toBe(vkeyOf(otherSeed));
    expect((await handover(directory, vkeyOf(seed))).signedBy).toBe(2);
    await run(directory, { signingKey: otherSeed, previousSigningKey: seed });
    expect(await rotations(directory)).toHaveLength(1);
    await checkEvidence(directory);
  });

  test('without the old key is recorded and said: nobody has signed for the new one', async () => {
    const directory = await temporaryDirectory();
    await run(directory, { signingKey: seed });
    const said = await run(directory, { signingKey: otherSeed });
    expect(said).toContainEqual(
      expect.stringContaining('error checkpoints are signed with a new key, and the old one was not at hand'),
    );
    expect(await rotations(directory)).toHaveLength(1);
    expect((await readdir(directory)).filter((file) => file.endsWith('.handover'))).toEqual([]);
    await checkEvidence(directory);
  });

  test('from a key beside the log to one in the configuration needs nothing else', async () => {
    const directory = await temporaryDirectory();
    await run(directory);
    const before = await pub(directory);
    await run(directory, { signingKey: seed });
    expect((await handover(directory, before)).signedBy).toBe(2);
    expect(await pub(directory)).toBe(vkeyOf(seed));
  });

  test('back to a former key is a rotation like any other', async () => {
    const directory = await temporaryDirectory();
    await run(directory, { signingKey: seed });
    await run(directory, { signingKey: otherSeed, previousSigningKey: seed });
    await run(directory, { signingKey: seed, previousSigningKey: otherSeed });
    expect(await pub(directory)).toBe(vkeyOf(seed));
    expect(await rotations(directory)).toHaveLength(2);
    expect((await checkEvidence(directory)).checkpoints).toHaveLength(3);
  });

  test('of the name alone is one too: the old name signs a checkpoint of its own', async () => {
    const directory = await temporaryDirectory();
    await run(directory, { signingKey: seed });
    await run(directory, { signingKey: seed, origin: 'other.example' });
    expect(await pub(directory)).toBe(vkeyOf(seed, 'other.example/pod-a'));
    expect(await handover(directory, vkeyOf(seed))).toMatchObject({ signedBy: 1 });
    expect((await checkEvidence(directory)).checkpoints.map(({ origin }) => origin)).toEqual([
      name,
      'other.example/pod-a',
    ]);
  });

  test('of a configured key is not done beside the log', async () => {
    const directory = await temporaryDirectory();
    await run(directory, { signingKey: seed });
    await expect(rotateSigningKey(directory, 'pod-a')).rejects.toMatchObject({
      code: 'ERR_AUDIT_KEY',
      remedy: expect.stringContaining('audit.previousSigningKey'),
    });
  });

  test('is listed: which key signed from which record on', async () => {
    const directory = await temporaryDirectory();
    await run(directory);
    await rotateSigningKey(directory, 'pod-a');
    await run(directory);
    const next = await rotateSigningKey(directory, 'pod-a');
    const [{ seq } = { seq: -1 }] = await rotations(directory);
    const listed = await listSigningKeys(directory);
    expect(listed).toMatchObject([
      { stream: 'pod-a', state: 'former', untilSeq: seq, handedOver: true },
      { stream: 'pod-a', state: 'current', fromSeq: seq, vkey: next.old.vkey },
      { stream: 'pod-a', state: 'next', vkey: next.new.vkey, keyId: next.new.keyId },
    ]);
    expect(JSON.stringify(listed)).not.toContain('PRIVATE');
  });
});

describe('pinned keys', () => {
  test('are kept in a file, one a line, each once', async () => {
    const file = join(await temporaryDirectory(), 'pins');
    expect(await pinKey(file, vkeyOf(seed))).toBe(true);
    expect(await pinKey(file, ` ${vkeyOf(seed)}\n`)).toBe(false);
    expect(await pinKey(file, vkeyOf(otherSeed))).toBe(true);
    expect((await readPinnedKeys(file)).map(({ vkey }) => vkey)).toEqual([vkeyOf(seed), vkeyOf(otherSeed)]);
  });

  test('may have remarks, and a .pub file is one of them', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, 'pins');
    await writeFile(file, `# production\n\n${vkeyOf(seed)}`);
    await pinKey(file, vkeyOf(otherSeed));
    expect(await readPinnedKeys(file)).toHaveLength(2);
    await run(directory, { signingKey: seed });
    expect(await readPinnedKeys(join(directory, 'signing-pod-a.pub'))).toMatchObject([{ vkey: vkeyOf(seed) }]);
  });

  test('that are none are named by their line', async () => {
    const file = join(await temporaryDirectory(), 'pins');
    await expect(readPinnedKeys(file)).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY', file });
    await writeFile(file, `${vkeyOf(seed)}\nnone\n`);
    await expect(readPinnedKeys(file)).rejects.toThrow('line 2');
    await expect(pinKey(file, vkeyOf(otherSeed))).rejects.toThrow('line 2');
    await expect(pinKey(`${file}-2`, 'none')).rejects.toMatchObject({ code: 'ERR_AUDIT_KEY' });
  });
});
