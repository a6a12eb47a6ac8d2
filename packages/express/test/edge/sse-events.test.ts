import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseSplitter, formatSseEvent, type SseEvent } from '../../src/edge/sse-events.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** The events of a whole text, after WHATWG HTML §9.2 and without regard to chunks. */
function eventsOf(text: string): SseEvent[] {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n');
  lines.pop();
  const events: SseEvent[] = [];
  let open: string[] = [];
  for (const line of lines) {
    if (line !== '') {
      open.push(line);
      continue;
    }
    const values = open.filter((one) => one === 'data' || one.startsWith('data:')).map((one) => one.slice(5));
    const data = values.map((value) => (value.startsWith(' ') ? value.slice(1) : value)).join('\n');
    if (open.length > 0) events.push({ lines: open, data: values.length === 0 ? undefined : data });
    open = [];
  }
  return events;
}

function split(chunks: readonly Uint8Array[]): SseEvent[] {
  const splitter = createSseSplitter(1_000_000);
  return chunks.flatMap((chunk) => splitter.push(chunk));
}

const value = fc.string({ unit: fc.constantFrom('a', ':', ' ', '{', '"', 'é', '€', '😀', '\u2028'), maxLength: 8 });
const line = fc.oneof(
  value.map((text) => `data: ${text}`),
  value.map((text) => `data:${text}`),
  fc.constantFrom('data', ': comment', 'id: 7', 'event: message', 'retry: 10', ' data: x', 'Data: x', 'dataset: x', ''),
);
const stream = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 })
  .map((lines) => lines.map(([text, end]) => text + end).join(''));

function cutAt(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b);
  return [...ends, whole.length].map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
}

describe('splitting a byte stream into events', () => {
  it('gives the same events however the bytes are cut into chunks', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (text, places) => {
        expect(split(cutAt(bytes(text), places))).toEqual(eventsOf(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same events for single bytes', () => {
    fc.assert(
      fc.property(stream, (text) => {
        expect(split(Array.from(bytes(text), (byte) => Uint8Array.of(byte)))).toEqual(eventsOf(text));
      }),
    );
  });

  it.each([
    ['LF', 'data: x\n\n'],
    ['CRLF', 'data: x\r\n\r\n'],
    ['CR', 'data: x\r\r'],
    ['a mixture', 'data: x\r\n\r'],
  ])('gives an event as soon as its blank line is there, with %s', (_name, text) => {
    expect(split([bytes(text)])).toEqual([{ lines: ['data: x'], data: 'x' }]);
  });

  it('takes a line feed that follows in the next chunk as part of the line end before it', () => {
    const splitter = createSseSplitter(100);
    expect(splitter.push(bytes('data: x\r\n\r'))).toEqual([{ lines: ['data: x'], data: 'x' }]);
    expect(splitter.push(bytes('\n'))).toEqual([]);
    expect(splitter.push(bytes('data: y\n\n'))).toEqual([{ lines: ['data: y'], data: 'y' }]);
  });

  it('puts a character together whose bytes are in two chunks', () => {
    const whole = bytes('data: 😀\n\n');
    expect(split([whole.subarray(0, 8), whole.subarray(8)])[0]?.data).toBe('😀');
  });

  it('leaves out a byte order mark at the start', () => {
    expect(split([bytes('\uFEFFdata: x\n\n')])[0]?.data).toBe('x');
  });

  it('joins several data lines and takes one space off each', () => {
    expect(split([bytes('data: {\ndata:  "a": 1\ndata\ndata:}\n\n')])[0]?.data).toBe('{\n "a": 1\n\n}');
  });

  it('gives nothing for an event whose blank line never comes', () => {
    expect(split([bytes('data: x\n')])).toEqual([]);
  });

  it.each([
    ['one line', ['data: ', 'x'.repeat(50), 'x'.repeat(50)]],
    ['many lines', Array.from({ length: 20 }, () => 'data: x\n')],
  ])('refuses an event that is longer than it may hold, in %s', (_name, chunks) => {
    const splitter = createSseSplitter(100);
    expect(() => chunks.map((chunk) => splitter.push(bytes(chunk)))).toThrow(RangeError);
  });

  it('holds each event to the limit and not the stream', () => {
    const splitter = createSseSplitter(100);
    for (let i = 0; i < 100; i++) expect(splitter.push(bytes('data: 0123456789\n\n'))).toHaveLength(1);
  });
});

describe('writing an event', () => {
  it('keeps what it can not look into as it was, with line feeds', () => {
    fc.assert(
      fc.property(stream, (text) => {
        const events = eventsOf(text);
        expect(eventsOf(events.map((event) => formatSseEvent(event)).join(''))).toEqual(events);
      }),
    );
  });

  it('replaces the data and keeps id, event name and comments', () => {
    const [event] = eventsOf('id: 4\ndata: {\nevent: message\ndata: }\n: note\n\n');
    expect(formatSseEvent(event as SseEvent, '{"a":1}')).toBe('id: 4\nevent: message\n: note\ndata: {"a":1}\n\n');
  });
});
