import { describe, expect, test } from 'vitest';
import { certificateOf } from '../../src/network/client-certificate.ts';
import { fakeRequest } from '../support/fake-request.ts';

const bytes = Buffer.from([0x30, 0x03, 0x02, 0x01, 0x2a]);
const value = `:${bytes.toString('base64')}:`;
const header = 'client-cert';

describe('certificateOf', () => {
  test('reads the configured header of a trusted proxy, whatever its case (RFC 9440 §2.2)', () => {
    expect(certificateOf(fakeRequest([['CLIENT-Cert', value]]), header, true)).toEqual({
      certificate: bytes,
      ignored: [],
    });
    expect(certificateOf(fakeRequest([['X-SSL-Cert', value]]), 'x-ssl-cert', true)).toEqual({
      certificate: bytes,
      ignored: [],
    });
  });

  test('says nothing when no header names a certificate', () => {
    for (const fromProxy of [true, false])
      expect(certificateOf(fakeRequest([['Host', 'x']]), header, fromProxy)).toEqual({ ignored: [] });
    expect(certificateOf(fakeRequest(), undefined, true)).toEqual({ ignored: [] });
  });

  test('believes nobody but a trusted proxy (E-34)', () => {
    expect(certificateOf(fakeRequest([['Client-Cert', value]]), header, false)).toEqual({
      certificateProblem: 'untrusted',
      ignored: ['client-cert'],
    });
  });

  test('believes no header when none is configured, and no other than the configured one (E-34)', () => {
    const lines: [string, string][] = [
      ['Client-Cert', value],
      ['X-Client-Cert', value],
      ['X-Forwarded-Client-Cert', 'Hash=abc'],
    ];
    const ignored = ['client-cert', 'x-client-cert', 'x-forwarded-client-cert'];
    for (const fromProxy of [true, false])
      expect(certificateOf(fakeRequest(lines), undefined, fromProxy)).toEqual({
        certificateProblem: 'untrusted',
        ignored,
      });
    expect(certificateOf(fakeRequest(lines), 'x-ssl-cert', true)).toEqual({ certificateProblem: 'untrusted', ignored });
    expect(certificateOf(fakeRequest(lines), header, true)).toEqual({ certificate: bytes, ignored: ignored.slice(1) });
  });

  test('takes a malformed header, and one that stands twice, for no certificate (E-35)', () => {
    for (const lines of [['x'], [value, value], [`${value}, ${value}`], [''], [bytes.toString('hex')]]) {
      const fields = lines.map((line): [string, string] => ['Client-Cert', line]);
      expect(certificateOf(fakeRequest(fields), header, true)).toEqual({
        certificateProblem: 'malformed',
        ignored: [],
      });
    }
  });
});
