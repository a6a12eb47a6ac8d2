import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClientCertificate } from '../../src/binding/read-client-certificate.ts';
import { selfSignedCertificate } from '../support/self-signed.ts';

const base64 = selfSignedCertificate.split('\n').slice(1, -1).join('');
const der = Buffer.from(base64, 'base64');

describe('readClientCertificate', () => {
  it('reads one byte sequence (RFC 9440 §2.2)', () => {
    for (const line of [`:${base64}:`, `  :${base64}:  `]) expect(readClientCertificate([line])).toEqual(der);
    expect(readClientCertificate([':AAEC:'])).toEqual(Buffer.from([0, 1, 2]));
    expect(readClientCertificate([':AA==:'])).toEqual(Buffer.from([0]));
  });

  const refused: readonly [string, readonly string[]][] = [
    ['no line', []],
    ['an empty value', ['']],
    ['two lines', [`:${base64}:`, `:${base64}:`]],
    ['a list of two', [`:${base64}:, :${base64}:`]],
    ['no colons', [base64]],
    ['one colon', [`:${base64}`]],
    ['an empty sequence', ['::']],
    ['a string', [`"${base64}"`]],
    ['parameters', [`:${base64}:;a=1`]],
    ['PEM', [selfSignedCertificate.replaceAll('\n', ' ')]],
    ['PEM with escaped lines', [encodeURIComponent(selfSignedCertificate)]],
    ['PEM inside', [`:${selfSignedCertificate.replaceAll('\n', ' ')}:`]],
    ['a line break', [`:${base64.slice(0, 64)} ${base64.slice(64)}:`]],
    ['hexadecimal', [der.toString('hex')]],
    ['the other alphabet', [`:${der.toString('base64url')}_-:`]],
    ['padding that is missing', [':AA:']],
    ['padding that is too long', [':AAEC=:']],
    ['bits that are not zero', [':AB==:']],
    ['a tab', [`\t:${base64}:`]],
    ['several values of a forwarded certificate', [`By=spiffe://a;Hash=${der.toString('hex')};Cert="x"`]],
  ];
  for (const [what, lines] of refused) {
    it(`does not take ${what} for a certificate (E-35)`, () => {
      expect(readClientCertificate(lines)).toBeUndefined();
    });
  }

  it('throws nothing, whatever the value, and gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 2 }), (lines) => {
        expect(() => readClientCertificate(lines)).not.toThrow();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const read = readClientCertificate([`:${Buffer.from(bytes).toString('base64')}:`]);
        expect(Buffer.from(read ?? []).equals(bytes)).toBe(true);
      }),
    );
  });
});
