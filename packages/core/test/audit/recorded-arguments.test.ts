import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createKeyedHash,
  isJsonObject,
  readRecordedArguments,
  redactArguments,
  type AuditLevel,
  type JsonObject,
  type JsonValue,
  type KnownPart,
  type RecordedArguments,
} from '../../src/index.ts';

const hash = createKeyedHash(Buffer.alloc(32, 7));

function recorded(args: JsonObject, level: AuditLevel, sensitive: readonly string[] = []): RecordedArguments {
  return readRecordedArguments(readAgain(redactArguments(args, { level, hash, domain: ['arguments'], sensitive })));
}

/** As it stands in a log. */
function readAgain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function at(value: JsonValue, path: readonly string[]): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const name of path) current = isJsonObject(current) && Object.hasOwn(current, name) ? current[name] : undefined;
  return current;
}

function sizeOf(value: JsonValue | undefined): unknown {
  if (Array.isArray(value)) return ['list', value.length];
  return isJsonObject(value) ? ['object', Object.keys(value).toSorted()] : value;
}

describe('what a record says of arguments', () => {
  it('is everything for a call without arguments', () => {
    const none = readRecordedArguments({});
    expect(none.isComplete()).toBe(true);
    expect(none.knows(['amount'], 'presence')).toBe(true);
    expect(none.value).toEqual({});
  });

  it('is at level metadata which members there are, and how many, but no value', () => {
    const facts = recorded({ amount: 5, rows: [1, 2], empty: {} }, 'metadata');
    expect(facts.isComplete()).toBe(false);
    expect(facts.knows(['amount'], 'presence')).toBe(true);
    expect(facts.knows(['limit'], 'value')).toBe(true);
    expect(facts.knows(['rows'], 'shape')).toBe(true);
    expect(facts.knows(['rows'], 'value')).toBe(false);
    expect(facts.knows(['amount'], 'value')).toBe(false);
    expect(facts.knows(['amount'], 'shape')).toBe(false);
    expect(facts.knows(['amount', 'currency'], 'presence')).toBe(false);
    expect(facts.knows(['empty'], 'value')).toBe(true);
    expect(facts.bytes).toBe(Buffer.byteLength('{"amount":5,"empty":{},"rows":[1,2]}'));
  });

  it('is at level request all but what is sensitive, looks like a credential or was shortened', () => {
    const args = { amount: 5, pin: '1234', note: 'x'.repeat(2000), who: { name: 'Ann' }, lone: '\uD800' };
    const facts = recorded(args, 'request', ['/pin']);
    expect(facts.knows(['amount'], 'value')).toBe(true);
    expect(facts.knows(['who'], 'value')).toBe(true);
    expect(facts.knows(['pin'], 'presence')).toBe(true);
    expect(facts.knows(['pin'], 'value')).toBe(false);
    expect(facts.knows(['note'], 'value')).toBe(false);
    expect(facts.knows(['lone'], 'value')).toBe(false);
    expect(facts.isComplete()).toBe(false);
    expect(recorded({ amount: 5, who: ['Ann', null] }, 'request').isComplete()).toBe(true);
  });

  it('does not take the text of a caller that looks like a hash for known', () => {
    const facts = recorded({ plain: 'hmac-sha256:k1:AAAA', other: '… (5 characters)' }, 'request');
    expect(facts.knows(['plain'], 'value')).toBe(false);
    expect(facts.knows(['other'], 'value')).toBe(false);
  });

  it('leaves open what else there may be when names were changed or the record was full', () => {
    const changed = recorded({ ['x'.repeat(200)]: 1, amount: 5 }, 'request');
    expect(changed.knows(['amount'], 'value')).toBe(true);
    expect(changed.knows(['limit'], 'presence')).toBe(false);
    expect(changed.knows([], 'shape')).toBe(false);
    const full = recorded({ amount: 5, rows: Array.from({ length: 400 }, (_, index) => index) }, 'request');
    expect(full.knows(['amount'], 'value')).toBe(true);
    expect(full.knows(['rows'], 'shape')).toBe(false);
    expect(full.knows(['limit'], 'presence')).toBe(false);
  });

  it('is nothing when all of it was hidden, or the record is none that a log writes', () => {
    for (const facts of [
      recorded({ amount: 5 }, 'request', ['']),
      readRecordedArguments({ arguments: { amount: 5 } }),
      readRecordedArguments({ redaction: { level: 'request', bytes: 0, hidden: [''] } }),
      readRecordedArguments({ arguments: 'text', redaction: { level: 'request', bytes: 6 } }),
    ]) {
      expect(facts.knows(['amount'], 'presence')).toBe(false);
      expect(facts.isComplete()).toBe(false);
    }
  });

  it('is never more than what was sent', () => {
    const names = fc.constantFrom(
      'a',
      'b',
      'pin',
      'password',
      '__proto__',
      'c…',
      'hmac-sha256:k1:x',
      'n\u0000',
      'long'.repeat(40),
    );
    const leaf = fc.oneof(
      fc.constantFrom<JsonValue>(
        1,
        -0.5,
        true,
        null,
        'plain',
        '',
        '\uFFFD',
        'Bearer abcdef0123456789abcdef',
        'y'.repeat(1500),
      ),
      fc.string(),
    );
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((list) => Object.fromEntries<JsonValue>(list)),
      ),
    }));
    const args = fc.array(fc.tuple(names, value), { maxLength: 5 }).map((list) => Object.fromEntries<JsonValue>(list));
    const level = fc.constantFrom<AuditLevel>('metadata', 'request', 'full');
    const sensitive = fc.subarray(['/a', '/b/a', '/pin', '/b']);
    const path = fc.array(names, { maxLength: 3 });
    const part = fc.constantFrom<KnownPart>('presence', 'shape', 'value');
    fc.assert(
      fc.property(args, level, sensitive, fc.array(fc.tuple(path, part)), (sent, how, hidden, asked) => {
        const real = readAgain(sent);
        const facts = recorded(sent, how, hidden);
        if (facts.isComplete()) expect(facts.value).toEqual(real);
        for (const [where, what] of asked) {
          if (!facts.knows(where, what)) continue;
          const [seen, was] = [at(facts.value, where), at(real, where)];
          expect(seen === undefined).toBe(was === undefined);
          if (what === 'shape') expect(sizeOf(seen)).toEqual(sizeOf(was));
          if (what === 'value') expect(seen).toEqual(was);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
