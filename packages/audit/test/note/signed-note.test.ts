import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createSigningKey,
  NoteError,
  openNote,
  parseNote,
  parseVerifierKey,
  signNote,
  type NoteErrorCode,
} from '../../src/index.ts';
import { random } from '../support/leaves.ts';

const code = (expected: NoteErrorCode): unknown => expect.objectContaining({ name: 'NoteError', code: expected });
const alice = createSigningKey('log.example/alice', Buffer.alloc(32, 1));
const bob = createSigningKey('log.example/bob', Buffer.alloc(32, 2));
const text = 'one line\n\nand another\n';

/** The example of the package golang.org/x/mod/sumdb/note. */
const neumann = {
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  seed: Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1),
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature:
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};

describe('a signed note', () => {
  test('is byte for byte what the Go implementation makes', () => {
    const signer = createSigningKey('PeterNeumann', neumann.seed);
    expect(signer.verifier.vkey).toBe(neumann.vkey);
    const note = signNote(neumann.text, [signer]);
    expect(note).toBe(`${neumann.text}\n${neumann.signature}`);
    expect(openNote(note, [parseVerifierKey(neumann.vkey)]).text).toBe(neumann.text);
  });

  test('of the specification is taken apart: its text has an empty line', () => {
    const note =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n' +
      '\u2014 quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n';
    const { text: signed, signatures } = parseNote(note);
    expect(signed.endsWith('\n\ned è subito sera.\n')).toBe(true);
    expect(signatures).toMatchObject([{ name: 'quasimodo.example/salvatore', keyId: '367ba04b' }]);
    expect(signatures[0]?.signature).toHaveLength(64);
  });

  test('can have several signatures, and those of unknown keys are ignored', () => {
    const note = signNote(text, [alice, bob]);
    expect(openNote(note, [bob.verifier])).toMatchObject({
      text,
      verified: [{ name: bob.name, keyId: bob.keyId }],
      unverified: [{ name: alice.name, keyId: alice.keyId }],
    });
    expect(openNote(Buffer.from(note), [alice.verifier, bob.verifier]).verified).toHaveLength(2);
  });

  test('is not opened when nobody who is known has signed it', () => {
    const note = signNote(text, [alice]);
    expect(() => openNote(note, [bob.verifier])).toThrow(code('unverified'));
    expect(() => openNote(note, [])).toThrow(code('unverified'));
    // Known is the name and the key id, not one of them.
    const namesake = createSigningKey(alice.name, Buffer.alloc(32, 3));
    expect(() => openNote(note, [namesake.verifier])).toThrow(code('unverified'));
  });

  test('is rejected as a whole when a signature of a known key does not hold', () => {
    const note = signNote(text, [alice, bob]).replace('another', 'an other');
    expect(() => openNote(note, [bob.verifier])).toThrow(code('bad_signature'));
    const pretender = { ...bob, sign: () => random(64) };
    expect(() => openNote(signNote(text, [alice, pretender]), [alice.verifier, bob.verifier])).toThrow(
      code('bad_signature'),
    );
  });

  test('with a signature line twice counts it once', () => {
    const note = signNote(text, [alice, alice]);
    expect(openNote(note, [alice.verifier]).verified).toHaveLength(1);
  });

  test.each([
    ['no signature', 'text\n'],
    ['an empty note', ''],
    ['no empty line', `text\n\u2014 a ${'A'.repeat(92)}\n`],
    ['nothing behind the empty line', 'text\n\n'],
    ['no text', '\n\n\u2014 a AAAAAAA=\n'],
    ['an end without a line feed', signNote(text, [alice]).slice(0, -1)],
    ['a hyphen for the em dash', signNote(text, [alice]).replace('\u2014', '-')],
    ['two spaces', signNote(text, [alice]).replace('\u2014 ', '\u2014  ')],
    ['a third word', signNote(text, [alice]).replace(/\n$/, ' more\n')],
    ['a carriage return', signNote(text, [alice]).replaceAll('\n', '\r\n')],
    ['a tab in the text', signNote(text, [alice]).replace('one line', 'one\tline')],
    ['a lone surrogate', signNote(text, [alice]).replace('one', '\ud800')],
    ['Base64 without padding', signNote(text, [alice]).replace('=\n', '\n')],
    ['Base64 that is not canonical', 'text\n\n\u2014 a AAAAAAB=\n'],
    ['a signature of no bytes', 'text\n\n\u2014 a AAAAAA==\n'],
    ['a name with a plus sign', signNote(text, [alice]).replace('log.example', 'log+example')],
    ['a line that is none among good ones', `${signNote(text, [alice])}more\n`],
    ['more than a hundred signatures', `${text}\n${'\u2014 a AAAAAAA=\n'.repeat(101)}`],
    ['more than a million bytes', signNote(`${'a'.repeat(1_000_000)}\n`, [alice])],
  ])('with %s is malformed', (_, note) => {
    expect(() => openNote(note, [alice.verifier])).toThrow(code('malformed'));
  });

  test('that is not UTF-8 is malformed', () => {
    const note = Buffer.from(signNote(text, [alice]));
    note[0] = 0xff;
    expect(() => openNote(note, [alice.verifier])).toThrow(code('malformed'));
  });

  test('is not made of a text that can not be one', () => {
    for (const bad of ['', '\n', 'no line feed', 'a\u0000b\n', 'a\rb\n', '\udfff\n']) {
      expect(() => signNote(bad, [alice])).toThrow(code('malformed'));
    }
  });

  test('of any text opens again, and with any bit changed does not', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => !/[\u0000-\u001f]/.test(value));
    fc.assert(
      fc.property(line, fc.nat(), (value, bit) => {
        const note = Buffer.from(signNote(`${value}\n`, [alice]));
        expect(openNote(note, [alice.verifier]).text).toBe(`${value}\n`);
        const at = bit % note.length;
        note[at] = (note[at] ?? 0) ^ (1 << (bit % 8));
        expect(() => openNote(note, [alice.verifier])).toThrow(NoteError);
      }),
    );
  });
});

describe('a verifier key', () => {
  test('has a text form that is read back', () => {
    const key = parseVerifierKey(` ${alice.verifier.vkey}\n`);
    expect(key.vkey).toBe(alice.verifier.vkey);
    expect(key.keyId).toMatch(/^[0-9a-f]{8}$/);
  });

  test.each([
    ['a key id of another key', neumann.vkey.replace('c74f20a3', 'c74f20a4')],
    ['a key id in capitals', neumann.vkey.replace('c74f20a3', 'C74F20A3')],
    ['another name', neumann.vkey.replace('PeterNeumann', 'Peter')],
    ['no name', neumann.vkey.replace('PeterNeumann', '')],
    ['white space in its name', neumann.vkey.replace('PeterNeumann', 'Peter Neumann')],
    ['another algorithm', neumann.vkey.replace('+AR', '+BB')],
    ['too few bytes', neumann.vkey.slice(0, -4)],
    ['two parts', 'PeterNeumann+c74f20a3'],
    ['nothing', ''],
  ])('with %s is malformed', (_, vkey) => {
    expect(() => parseVerifierKey(vkey)).toThrow(code('malformed'));
  });

  test('does not take a signature of another length', () => {
    expect(alice.verifier.verify(Buffer.from('a'), Buffer.alloc(63))).toBe(false);
    expect(alice.verifier.verify(Buffer.from('a'), Buffer.alloc(65))).toBe(false);
  });
});
