import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJsonAnswer } from '../../../src/export/otlp/read-json-answer.ts';
import { readProtobufAnswer } from '../../../src/export/otlp/read-protobuf-answer.ts';
import { readRetryAfter } from '../../../src/export/otlp/retry-after.ts';
import { ExportLogsServiceResponse } from '../../support/otlp-schema.ts';

describe('the answer of a receiver', () => {
  test('is read as the official schema writes it', () => {
    fc.assert(
      fc.property(
        fc.option(fc.record({ rejectedLogRecords: fc.nat(), errorMessage: fc.string({ unit: 'grapheme' }) })),
        (partial) => {
          const bytes = ExportLogsServiceResponse.encode(partial === null ? {} : { partialSuccess: partial }).finish();
          const expected = { rejected: BigInt(partial?.rejectedLogRecords ?? 0), message: partial?.errorMessage ?? '' };
          expect(readProtobufAnswer(bytes)).toEqual(expected);
          expect(
            readJsonAnswer(Buffer.from(JSON.stringify(partial === null ? {} : { partialSuccess: partial }))),
          ).toEqual(expected);
        },
      ),
    );
  });

  test('is no answer when bytes are missing, and never more or less than what was sent', () => {
    const bytes = ExportLogsServiceResponse.encode({
      partialSuccess: { rejectedLogRecords: 300, errorMessage: 'no room' },
    }).finish();
    for (let end = 1; end < bytes.length; end++)
      expect(readProtobufAnswer(bytes.subarray(0, end)), String(end)).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        const read = readProtobufAnswer(noise);
        if (read === undefined) return;
        const decoded = ExportLogsServiceResponse.decode(noise);
        expect(read.rejected).toBe(BigInt(String(decoded.partialSuccess?.rejectedLogRecords ?? 0)));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '',
    'OK',
    '<html>',
    '[]',
    'null',
    '"x"',
    '{"partialSuccess":1}',
    '{"partialSuccess":{"rejectedLogRecords":1.5}}',
    '{"partialSuccess":{"rejectedLogRecords":"x"}}',
    '{"partialSuccess":{"errorMessage":1}}',
  ])('is none: %j', (text) => expect(readJsonAnswer(Buffer.from(text))).toBeUndefined());

  test('may have members that are not known here', () => {
    expect(readJsonAnswer(Buffer.from('{"more":1,"partialSuccess":{"rejectedLogRecords":"2","x":1}}'))).toEqual({
      rejected: 2n,
      message: '',
    });
    expect(readProtobufAnswer(Buffer.from([0x12, 0x01, 0x41, 0x18, 0x01]))).toEqual({ rejected: 0n, message: '' });
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-20T21:00:00.000Z');
  test.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['0', 0],
    [' 12 ', 12_000],
    ['Fri, 20 Nov 2026 21:00:30 GMT', 30_000],
    ['Fri, 20 Nov 2026 20:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['99999999999', undefined],
  ])('%j is %j ms', (header, ms) => expect(readRetryAfter(header, now)).toBe(ms));
});
