import { expect, test } from 'vitest';
import { isStreamName, parseSegmentName, segmentName } from '../../src/segment/segment-name.ts';

test('a segment is named after its stream and its first sequence number in twenty digits', () => {
  expect(segmentName('pod-a', 42).file).toBe('audit-pod-a-00000000000000000042.jsonl');
});

test('a segment name is read back, also when the stream looks like a part of one', () => {
  for (const stream of ['pod-a', 'a', 'a.b_c', 'pod-00000000000000000001', 'x.jsonl']) {
    expect(parseSegmentName(segmentName(stream, 7).file)).toEqual(segmentName(stream, 7));
  }
});

test('other files of the directory are not taken for segments', () => {
  const others = [
    'audit-pod-a.lock',
    'hash-pod-a.key',
    'audit-pod-a-00000000000000000042.jsonl.torn',
    'audit-pod-a-00000000000000000042.jsonl.new',
    'audit-pod-a-42.jsonl',
    'audit--00000000000000000042.jsonl',
    'audit-pod-a-99999999999999999999.jsonl',
    'notes.jsonl',
  ];
  for (const name of others) expect(parseSegmentName(name)).toBeUndefined();
});

test('a stream name is safe as part of a file name', () => {
  for (const name of ['pod-a', 'mcp.example.com', 'A_1']) expect(isStreamName(name)).toBe(true);
  for (const name of ['', '.', '..', '-a', 'a/b', 'a\\b', 'a b', 'a\n', 'ä', 'a'.repeat(129)])
    expect(isStreamName(name)).toBe(false);
});
