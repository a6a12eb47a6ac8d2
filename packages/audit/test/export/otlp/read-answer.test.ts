import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJsonAnswer } from '../../../src/export/otlp/read-json-answer.ts';
import { readProtobufAnswer } from '../../../src/export/otlp/read-protobuf-answer.ts';
import { readRetryAfter } from '../../../src/export/http/retry-after.ts';
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
    '{"error":"quota exceeded, dropped"}',
    '{"partialSuccess":{},"error":"dropped"}',
    '{"partialSuccess":{"rejectedLogRecords":"3"},"partialSuccess":{}}',
    '{"partialSuccess":{"rejectedLogRecords":"3"},"partial_success":{}}',
    '{"partialSuccess":{"rejectedLogRecords":"3","rejectedLogRecords":0}}',
    '{"partialSuccess":{"rejectedLogRecords":0,"dropped":3}}',
    '{"\\u0070artialSuccess":{"rejectedLogRecords":3},"partialSuccess":{}}',
  ])('is none: %j', (text) => expect(readJsonAnswer(Buffer.from(text))).toBeUndefined());

  test.each([
    ['{}', 0n, ''],
    [' {"partialSuccess":{}}\n', 0n, ''],
    ['{"partialSuccess":null}', 0n, ''],
    ['{"partial_success":{"rejected_log_records":"2","error_message":"x"}}', 2n, 'x'],
  ])('is one: %j', (text, rejected, message) =>
    expect(readJsonAnswer(Buffer.from(text))).toEqual({ rejected, message }),
  );

  test('may have fields that are not known here in protobuf, where they are how a schema grows', () => {
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
