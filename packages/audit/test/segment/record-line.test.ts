import { createKeyedHash, createRecordBuilder } from '@sallyport/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finishLine, packRecord } from '../../src/segment/record-line.ts';
import { parseRecord } from '../../src/segment/parse-record.ts';

const builder = createRecordBuilder({
  stream: 'pod-a',
  hash: createKeyedHash(new Uint8Array(32).fill(1)),
  level: 'request',
});

test('a line is the record as JSON with its sequence number and a line feed', () => {
  const record = builder.build({ type: 'audit.started', detail: { seq: 5, text: ',"seq":9' } }, 0);
  const line = finishLine(packRecord(record), 4711);
  expect(line.endsWith('\n')).toBe(true);
  expect(JSON.parse(line)).toEqual({ ...record, seq: 4711 });
});

test('whatever a caller sends, a record is one line for every reader of lines and holds no control characters', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(text, text, (name, value) => {
      const record = builder.build(
        {
          type: 'mcp.decision',
          target: { kind: 'tool', name },
          decision: { effect: 'allow' },
          arguments: { a: value },
        },
        0,
      );
      const line = finishLine(packRecord(record), 3);
      expect(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(line.slice(0, -1))).toBe(false);
      const parsed = parseRecord(Buffer.from(line.slice(0, -1), 'utf8'));
      expect(parsed).toEqual({ record: JSON.parse(JSON.stringify({ ...record, seq: 3 })) });
    }),
  );
});

test('line breaks and terminal escapes of an attacker are escaped and read back as they were', () => {
  const name = 'a\r\n2026-01-01 level=info allow\u2028b\u2029c\u0085d\u009b31m';
  const line = finishLine(packRecord(builder.build({ type: 'mcp.decision', target: { kind: 'tool', name } }, 0)), 0);
  expect(line.split('\n')).toHaveLength(2);
  expect(line).toContain('\\u2028b\\u2029c\\u0085d\\u009b31m');
  expect(JSON.parse(line)).toMatchObject({ target: { name } });
});
