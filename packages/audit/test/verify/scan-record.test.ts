import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/segment/parse-record.ts';
import { skipValue } from '../../src/verify/json-bytes.ts';
import { RecordScanner } from '../../src/verify/scan-record.ts';
import { allowed, lineOf, usual } from '../support/signed-log.ts';

const scanned = (line: string | Buffer): RecordScanner | undefined => {
  const scanner = new RecordScanner();
  const bytes = Buffer.concat([Buffer.from('\n'), Buffer.from(line), Buffer.from('\n')]);
  return scanner.scan(bytes, 1) === bytes.length - 1 ? scanner : undefined;
};

/** What both ways of reading find. */
function factsOf({
  type,
  seq,
  atMs,
  monoSeconds,
  monoRest,
  boot,
  stream,
  call,
  effect,
  runs,
  aborted,
  redacted,
}: RecordScanner) {
  return { type, seq, atMs, monoSeconds, monoRest, boot, stream, call, effect, runs, aborted, redacted };
}

const [decision = {}, outcome = {}] = allowed(7);

describe('scanning a line', () => {
  it('finds what verification needs, without parsing it', () => {
    expect(scanned(lineOf(7, decision))).toMatchObject({
      type: 'mcp.decision',
      seq: 7,
      atMs: Date.parse('2026-11-20T21:00:00.070Z'),
      monoSeconds: 1,
      monoRest: 70_000_000,
      stream: 'pod-a',
      call: '00000000-0000-4000-8000-000000000007',
      effect: 'allow',
      redacted: true,
      record: undefined,
    });
    expect(scanned(lineOf(8, { ...outcome, outcome: { status: 'aborted' } }))).toMatchObject({ aborted: true });
    expect(scanned(lineOf(8, { decision: { effect: 'deny' }, type: 'mcp.decision' }))).toMatchObject({
      effect: 'deny',
      runs: false,
    });
  });

  it('knows that a call ran which observe mode let pass, however that is written', () => {
    const ofDecision = (text: string): string =>
      lineOf(1, { type: 'mcp.decision', decision: 0 }).replace(':0,', `:${text},`).replace(':0}', `:${text}}`);
    const usualForm = ofDecision('{"effect":"deny","enforced":false,"reason":"condition"}');
    expect(scanned(usualForm)).toMatchObject({ effect: 'deny', runs: true });
    for (const [text, runs] of [
      ['{"effect":"deny","reason":"condition","enforced":false}', true],
      ['{"effect":"deny","enforced":true}', false],
      ['{"effect":"deny","enforced":false,"enforced":true}', false],
      ['{"effect":"deny","\\u0065nforced":false}', true],
      ['{"effect":"deny","rule":"\\"enforced\\":false"}', false],
    ] as const) {
      expect(scanned(ofDecision(text))).toBeUndefined();
      const scanner = new RecordScanner();
      expect([scanner.parse(Buffer.from(ofDecision(text))), scanner.runs]).toEqual([undefined, runs]);
    }
  });

  it('parses in full what the log says about itself', () => {
    expect(scanned(lineOf(0, { type: 'audit.gap', detail: { count: 3 } }))?.record?.detail).toEqual({ count: 3 });
  });

  it.each([
    ['whitespace', lineOf(1).replace(',', ', ')],
    ['a name twice', lineOf(1).replace('{', '{"seq":2,')],
    ['an escaped name', lineOf(1).replace('"seq"', '"s\\u0065q"')],
    ['an escaped type', lineOf(1).replace('request', '\\u0072equest')],
    ['a time of another form', lineOf(1, { at: '2026-11-20T21:00:00Z' })],
    ['a decision of another form', lineOf(1, { type: 'mcp.decision', decision: { rule: 'x', effect: 'allow' } })],
    ['deep nesting', lineOf(1, { detail: JSON.parse('['.repeat(600) + ']'.repeat(600)) as unknown })],
  ])('leaves a line with %s to the parser, which says the same', (_name, line) => {
    expect(scanned(line)).toBeUndefined();
    const scanner = new RecordScanner();
    expect(scanner.parse(Buffer.from(line))).toBeUndefined();
    expect(parseRecord(Buffer.from(line))).toMatchObject({ record: { seq: scanner.seq } });
  });

  it('never takes a line for a record that the parser does not, and finds the same facts, whatever byte is changed', () => {
    const lines = [...usual(0, 6), ...allowed(6)].map((fields, seq) => Buffer.from(lineOf(seq, fields)));
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.nat(), fc.integer({ min: 0, max: 255 }), (line, position, byte) => {
        const changed = Buffer.from(line);
        changed[position % line.length] = byte;
        const fast = byte === 0x0a ? undefined : scanned(changed);
        if (fast === undefined) return;
        const full = new RecordScanner();
        expect(full.parse(Buffer.from(changed.toString('utf8')))).toBeUndefined();
        expect(factsOf(fast)).toEqual(factsOf(full));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('skipping a JSON value', () => {
  it('ends where JSON.parse ends, and refuses what it refuses', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const text = JSON.stringify(JSON.parse(json));
        expect(skipValue(Buffer.from(`${text}\n`), 0)).toBe(Buffer.byteLength(text));
      }),
    );
    for (const bad of [
      '',
      '01',
      '-',
      '1.',
      '1e',
      '.5',
      'tru',
      'nul',
      'falsy',
      '"',
      '"\\x"',
      '"\\u12g4"',
      '"\t"',
      '[1,]',
      '[,1]',
      '{"a"}',
      '{a:1}',
      '{"a":1,}',
      '[1}',
      '{"a":1]',
      '[',
      '{"a":',
    ]) {
      expect(skipValue(Buffer.from(`${bad}\n`), 0)).toBe(-1);
    }
  });

  it('accepts a change of one byte only where JSON.parse does', () => {
    const text = JSON.stringify({ a: [1, -2.5e3, true, null, 'x\\y"\u00e9'], b: { c: [] } });
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 0x20, max: 0x7e }), (position, code) => {
        const changed = text.slice(0, position) + String.fromCharCode(code) + text.slice(position + 1);
        const bytes = Buffer.from(`${changed}\n`);
        const whole = skipValue(bytes, 0) === bytes.length - 1;
        expect(whole && !isJson(changed)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
