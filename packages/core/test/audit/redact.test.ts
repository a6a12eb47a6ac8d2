import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditLevel } from '../../src/audit/audit-record.ts';
import { createKeyedHash, type KeyedHash } from '../../src/audit/keyed-hash.ts';
import { maxDepth } from '../../src/audit/place.ts';
import { redactArguments, type RedactedArguments } from '../../src/audit/redact.ts';
import type { JsonValue } from '../../src/call/json.ts';
import { canonicalize } from '../support/canonicalize.ts';

const hash = createKeyedHash(Buffer.alloc(32, 7));
const domain = ['arguments', 'tool', 'transfer'];
const redact = (value: unknown, level: AuditLevel = 'metadata', sensitive: readonly string[] = []): RedactedArguments =>
  redactArguments(value as JsonValue, { level, sensitive, hash, domain });
const hashed = (value: unknown, pointer: string): string => hash.hash(JSON.stringify(value), ...domain, pointer);

const canary = 'canary-4711';
const levels: AuditLevel[] = ['metadata', 'request', 'full'];
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;

function leavesOf(value: JsonValue, deeper: number = maxDepth): number {
  if (typeof value !== 'object' || value === null || deeper === 0) return 1;
  const children: readonly JsonValue[] = Object.values(value);
  return children.length === 0 ? 1 : children.reduce<number>((sum, child) => sum + leavesOf(child, deeper - 1), 0);
}

/** The value with the canary in every text, and in every name of `names`. */
function plant(value: JsonValue, names: boolean): JsonValue {
  if (typeof value === 'string') return `${value}${canary}`;
  if (typeof value === 'number') return canary;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((child: JsonValue) => plant(child, names));
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [names ? `${key}${canary}` : key, plant(child, names)]),
  );
}

describe('redactArguments at level metadata', () => {
  test('puts the keyed hash of each leaf in its place', () => {
    const value = { amount: 5, to: { iban: 'DE1', tags: ['a', null, true] }, none: {}, empty: [] };
    expect(redact(value)).toEqual({
      arguments: {
        amount: hashed(5, '/amount'),
        to: {
          iban: hashed('DE1', '/to/iban'),
          tags: [hashed('a', '/to/tags/0'), hashed(null, '/to/tags/1'), hashed(true, '/to/tags/2')],
        },
        none: {},
        empty: [],
      },
      redaction: { level: 'metadata', bytes: Buffer.byteLength(JSON.stringify(value)) },
    });
  });

  test('hashes equal values alike only at the same place of the same domain', () => {
    const first = redact({ a: 'x', b: 'x' }).arguments as Record<string, string>;
    expect(first['a']).not.toBe(first['b']);
    expect(redact({ a: 'x' }).arguments).toEqual({ a: first['a'] });
    const elsewhere = redactArguments(
      { a: 'x' },
      { level: 'metadata', sensitive: [], hash, domain: ['arguments', 'tool', 'echo'] },
    );
    expect(elsewhere.arguments).not.toEqual({ a: first['a'] });
  });

  test('never shows a planted text', () => {
    fc.assert(
      fc.property(json, (value) => {
        const result = redact(plant(value, false));
        expect(JSON.stringify(result)).not.toContain(canary);
      }),
    );
  });

  test('lists what would be hidden in clear as well', () => {
    const { arguments: recorded, redaction } = redact({ pin: '0000', memo: 'x', nested: { memo: 'y' } }, 'metadata', [
      '/nested/memo',
    ]);
    expect(redaction.hidden).toEqual(['/pin', '/nested/memo']);
    expect(recorded).toMatchObject({ pin: hashed('0000', '/pin'), nested: { memo: hashed('y', '/nested/memo') } });
  });
});

describe('redactArguments at levels request and full', () => {
  test('shows what is neither sensitive nor like a credential', () => {
    const value = { text: 'hello', n: 1.5, yes: true, no: null, list: [1, 'a'], none: {}, empty: [] };
    for (const level of ['request', 'full'] as const) {
      expect(redact(value, level)).toEqual({
        arguments: value,
        redaction: { level, bytes: Buffer.byteLength(JSON.stringify(value)) },
      });
    }
  });

  test('hides what is declared sensitive, whatever it is', () => {
    const value = { pin: 1234, to: [{ iban: 'DE1', name: 'A' }], 'a/b~c': 'x', memo: 'm' };
    const result = redact(value, 'request', ['/pin', '/to/0/iban', '/a~1b~0c', '/missing']);
    expect(result.arguments).toEqual({
      pin: hashed(1234, '/pin'),
      to: [{ iban: hashed('DE1', '/to/0/iban'), name: 'A' }],
      'a/b~c': hashed('x', '/a~1b~0c'),
      memo: 'm',
    });
    expect(result.redaction.hidden).toEqual(['/pin', '/to/0/iban', '/a~1b~0c']);
  });

  test('never shows anything under a sensitive pointer or a credential-like name, names included', () => {
    const names = fc.constantFrom('password', 'API-Key', 'pin', 'pass\u200bword', 'refresh_token', 'Authorization');
    fc.assert(
      fc.property(json, json, names, fc.constantFrom(...levels), (secret, other, name, level) => {
        const planted = plant(secret, true);
        const value = { other, declared: planted, [name]: planted, deep: [{ [name]: planted }, { declared: planted }] };
        expect(JSON.stringify(redact(value, level, ['/declared', '/deep/1']))).not.toContain(canary);
      }),
    );
  });

  test('hides everything for the empty pointer and repairs a pointer without its slash', () => {
    expect(redact({ a: canary }, 'full', [''])).toMatchObject({
      arguments: hashed({ a: canary }, ''),
      redaction: { hidden: [''] },
    });
    expect(redact({ a: canary }, 'full', ['a']).arguments).toEqual({ a: hashed(canary, '/a') });
  });

  test('hides values that look like credentials wherever they stand', () => {
    const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ';
    const value = {
      text: `see ${jwt}`,
      header: 'Bearer mF_9.B5f-4.1JqM',
      ok: 'fine',
      [jwt]: 1,
      cut: `${'x '.repeat(505)}${jwt}`,
    };
    const result = redact(value, 'full');
    expect(JSON.stringify(result)).not.toMatch(/eyJ|mF_9/);
    expect(result.redaction.hidden).toEqual(['/text', '/header', '/cut']);
    expect(result.arguments).toMatchObject({ ok: 'fine' });
  });

  test('cuts long texts and says so, with their length and hash', () => {
    const long = 'word '.repeat(1_000);
    const { arguments: recorded, redaction } = redact({ long }, 'request');
    const text = (recorded as { long: string }).long;
    expect(text).toHaveLength(1_024);
    expect(text.startsWith('word word ')).toBe(true);
    expect(text.endsWith(`… (5000 characters, ${hashed(long, '/long')})`)).toBe(true);
    expect(redaction).toMatchObject({ truncated: ['/long'], bytes: 5_011 });
  });

  test('keeps of encoded bytes only length and hash', () => {
    const image = Buffer.alloc(3_000, 5).toString('base64');
    expect(redact({ image }, 'full').arguments).toEqual({
      image: `… (4000 characters, ${hashed(image, '/image')})`,
    });
  });

  // @verifies G-07
  test('keeps of bytes only length and hash, however short they are', () => {
    const image = Buffer.alloc(60, 5).toString('base64');
    const value = {
      content: [{ type: 'image', mimeType: 'image/png', data: image }],
      url: 'data:text/plain;base64,aGk=',
      hex: Buffer.alloc(64, 1).toString('hex'),
      bytes: Buffer.from('hello'),
      plain: 'a plain text',
    };
    const { arguments: recorded, redaction } = redact(value, 'full');
    const text = JSON.stringify(recorded);
    for (const part of [image.slice(0, 20), 'aGk=', '010101', 'aGVsbG8']) expect(text).not.toContain(part);
    expect(recorded).toMatchObject({
      content: [
        { type: 'image', mimeType: 'image/png', data: `… (80 characters, ${hashed(image, '/content/0/data')})` },
      ],
      plain: 'a plain text',
    });
    expect(redaction.truncated).toEqual(['/content/0/data', '/url', '/hex', '/bytes']);
  });

  // @verifies G-09
  test('looks into texts that are JSON: the same names, pointers and looks are secret there', () => {
    const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ';
    const value = {
      named: JSON.stringify({ user: { password: canary } }),
      pointed: JSON.stringify({ to: { iban: canary } }),
      looks: JSON.stringify([jwt]).replace('eyJ', String.raw`\u0065yJ`),
      long: JSON.stringify({ list: Array.from({ length: 2_000 }, () => canary) }),
      harmless: JSON.stringify({ user: 'alice', note: 'fine' }),
      broken: '{"user": not JSON',
    };
    const { arguments: recorded, redaction } = redact(value, 'full', ['/to/iban']);
    expect(JSON.stringify(recorded)).not.toContain(canary);
    expect(JSON.stringify(recorded)).not.toContain('yJhbGci');
    expect(recorded).toMatchObject({ harmless: value.harmless, broken: value.broken });
    expect(redaction).toMatchObject({ hidden: ['/named', '/pointed', '/looks'], truncated: ['/long'] });
  });

  // @verifies G-09
  test('looks into JSON behind other text, in lines, and inside JSON text', () => {
    const inner = JSON.stringify({ to: { iban: canary } });
    const value = {
      twice: JSON.stringify({ text: inner }),
      quoted: JSON.stringify(inner),
      deep: Array.from({ length: 5 }).reduce<string>((text) => JSON.stringify(text), inner),
      mark: `\ufeff${inner}`,
      spaces: ' '.repeat(100) + inner,
      prefix: `Result: ${inner}`,
      fence: `\`\`\`json\n${inner}\n\`\`\``,
      lines: `{"a":1}\n${inner}\n{"b":2}`,
      events: `event: message\ndata: {}\n\ndata: ${inner}\n\n`,
      many: '{]\n'.repeat(100) + inner,
    };
    const { arguments: recorded, redaction } = redact(value, 'full', ['/to/iban']);
    expect(JSON.stringify(recorded)).not.toContain(canary);
    expect(redaction.hidden).toEqual(Object.keys(value).map((key) => `/${key}`));
    const plain = { twice: JSON.stringify({ text: '{"to":1}' }), braces: 'a {b} and [c]', lines: '{"a":1}\n{"b":2}' };
    expect(redact(plain, 'full', ['/to/iban']).arguments).toEqual(plain);
  });

  // @verifies G-09
  test('takes names and values that stand side by side for members', () => {
    const value = {
      pairs: [['Authorization', canary]],
      raw: ['host', 'here', 'cookie', canary],
      named: [{ name: 'X-Api-Key', value: canary }],
      keyed: [{ Key: 'password', Value: { text: canary } }],
      json: JSON.stringify([['Authorization', canary]]),
    };
    const { arguments: recorded, redaction } = redact(value, 'full');
    expect(JSON.stringify(recorded)).not.toContain(canary);
    expect(redaction.hidden).toEqual(['/pairs/0/1', '/raw/3', '/named/0/value', '/keyed/0/Value', '/json']);
    const plain = {
      words: ['username', 'password', 'session'],
      both: ['password', 'token'],
      list: ['session', 'Monday', 'pin', 'bowling'],
      named: { name: 'colour', value: 'red' },
      alone: { value: 'password' },
    };
    expect(redact(plain, 'full').arguments).toEqual(plain);
  });

  // @verifies G-09
  test.each(levels)('never shows a credential that is the name of a member, at level %s', (level) => {
    const names = ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'AKIAIOSFODNN7EXAMPLE', 'password=hunter2canary'];
    const recorded = redact(Object.fromEntries(names.map((name) => [name, 1])), level).arguments as object;
    expect(Object.keys(recorded)).toEqual(names.map((name) => hash.hash(name, 'name')));
  });

  // @verifies G-09
  test('hides texts that hold a concealed one', () => {
    const concealed = ['4711-0815'];
    const options = { level: 'full', sensitive: [], hash, domain, concealed } as const;
    const value = { text: 'Your pin is 4711-0815.', json: '["4711-0815"]', other: 'Your pin is secret.' };
    expect(redactArguments(value, options)).toMatchObject({
      arguments: { text: hashed(value.text, '/text'), json: hashed(value.json, '/json'), other: value.other },
      redaction: { hidden: ['/text', '/json'] },
    });
  });

  // @verifies G-09
  test('hides numbers and names of members that repeat a concealed text, also inside JSON text', () => {
    const options = { level: 'full', sensitive: [], hash, domain, concealed: ['471147'] } as const;
    const value = { echo: 471_147, '471147': 'x', json: '{"e":4.71147e5}', named: '{"a471\\u003147":1}', other: 12 };
    const { arguments: recorded, redaction } = redactArguments(value, options);
    expect(JSON.stringify(recorded)).not.toMatch(/471147|4\.71147e5|a471/);
    expect(recorded).toMatchObject({ [hash.hash('471147', 'name')]: 'x', other: 12 });
    expect(redaction.hidden).toEqual(['/echo', '/json', '/named']);
    const all = redactArguments({ text: 'clear', count: 7, name: ['x'] }, { ...options, concealed: [''] });
    expect(JSON.stringify(all.arguments)).not.toMatch(/clear|7,|count|"x"/);
  });

  test('writes lone surrogates so that they survive', () => {
    expect(redact({ a: 'x\ud800' }, 'full').arguments).toEqual({ a: 'x\ufffd' });
  });
});

describe('redactArguments', () => {
  test('records 256 leaves one by one and the rest as one digest with its count', () => {
    const value = { list: Array.from({ length: 300 }, (_, index) => index), after: { deep: ['x', {}] } };
    for (const level of levels) {
      const { arguments: recorded, redaction } = redact(value, level);
      expect((recorded as { list: unknown[] }).list).toHaveLength(256);
      expect(recorded).not.toHaveProperty('after');
      expect(redaction).toMatchObject({ digestedLeaves: 46, digest: hash.hash(canonicalize(value) ?? '', ...domain) });
    }
  });

  test('bounds a record of many or huge texts', () => {
    const texts = Array.from({ length: 200 }, (_, index) => `${index} `.repeat(250));
    const { arguments: recorded, redaction } = redact({ texts }, 'full');
    expect(JSON.stringify(recorded).length).toBeLessThan(40_000);
    expect(redaction.digestedLeaves).toBeGreaterThan(100);
  });

  test('treats what is nested deeper than 32 levels as one leaf', () => {
    let value: JsonValue = { secret: canary };
    for (let level = 0; level < 60; level += 1) value = { a: value };
    for (const level of levels) {
      const { arguments: recorded, redaction } = redact(value, level);
      expect(JSON.stringify(recorded)).not.toContain(canary);
      expect(redaction.truncated).toEqual(['/a'.repeat(32)]);
      expect(redaction.digestedLeaves).toBeUndefined();
    }
  });

  test('counts bytes in UTF-8', () => {
    expect(redact({ a: 'é🎉' }).redaction.bytes).toBe(Buffer.byteLength('{"a":"é🎉"}'));
  });

  test('covers each leaf once: one by one or in the digest', () => {
    const wide = fc.array(fc.array(json, { maxLength: 12 }), { minLength: 10, maxLength: 60 });
    fc.assert(
      fc.property(wide, (value) => {
        const { arguments: recorded, redaction } = redact(value);
        expect(leavesOf(recorded ?? null) + (redaction.digestedLeaves ?? 0)).toBe(leavesOf(value));
        expect(redaction.digest === undefined).toBe(redaction.digestedLeaves === undefined);
      }),
      { numRuns: 50 },
    );
  });

  test('keeps members called __proto__ and constructor, and loses none', () => {
    const value = JSON.parse('{"__proto__":{"x":1},"constructor":2,"toString":3}') as JsonValue;
    const recorded = redact(value, 'full').arguments as object;
    expect(Object.keys(recorded)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(JSON.stringify(recorded)).toBe(JSON.stringify(value));
  });

  test('writes names so that they are short, visible and still different', () => {
    const long = 'n'.repeat(500);
    const value = { [`${long}1`]: 1, [`${long}2`]: 2, 'a\nb': 3, 'a\u200bb': 4, ab: 5, '\ud800': 6, größe: 7 };
    const recorded = redact(value, 'full').arguments as Record<string, number>;
    const names = Object.keys(recorded);
    expect(Object.values(recorded)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    for (const name of names) {
      expect(name.length).toBeLessThanOrEqual(128);
      expect(name).not.toMatch(/\p{C}/u);
    }
    expect(names[2]).toMatch(/^a\\u\{a\}b…/);
    expect(names.slice(4)).toEqual(['ab', names[5], 'größe']);
  });

  test('keeps names different that differ only in a lone surrogate, however long they are', () => {
    for (const length of [1, 120, 600, 20_000]) {
      const begin = 'x'.repeat(length);
      const names = [`${begin}\ud800`, `${begin}\ud801`, `${begin}\ufffd`, String.raw`${begin}\ud800`];
      const recorded = redact(Object.fromEntries(names.map((name) => [name, 1]))).arguments as object;
      expect(Object.keys(recorded)).toHaveLength(4);
    }
  });

  test('bounds the pointers it lists', () => {
    let value: JsonValue = { pin: 1 };
    for (let level = 0; level < 20; level += 1) value = { ['k'.repeat(120)]: value };
    expect(redact(value).redaction.hidden?.[0]).toHaveLength(513);
  });

  test('counts the pointers it lists, so that long ones can not fill a record', () => {
    let value: JsonValue = Object.fromEntries(
      Array.from({ length: 256 }, (_, index) => [`${index}-pin`, { pin: index }]),
    );
    for (let level = 0; level < 20; level += 1) value = { ['k'.repeat(120)]: value };
    for (const level of levels) {
      const { arguments: recorded, redaction } = redact(value, level);
      expect(JSON.stringify(redaction.hidden).length).toBeLessThan(34_000);
      expect(JSON.stringify(recorded).length).toBeLessThan(34_000);
      expect((redaction.hidden?.length ?? 0) + (redaction.digestedLeaves ?? 0)).toBe(256);
    }
  });

  test('takes a bare value for one leaf', () => {
    expect(redact('x').arguments).toBe(hashed('x', ''));
    expect(redact('x', 'full').arguments).toBe('x');
  });

  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  test.each<[string, unknown]>([
    ['a cycle', cycle],
    ['a bigint', { a: 1n }],
    ['nothing', undefined],
    [
      'a getter that throws',
      {
        get a(): string {
          throw new Error(canary);
        },
      },
    ],
    [
      'a toJSON that throws',
      {
        toJSON(): string {
          throw new Error(canary);
        },
      },
    ],
    ['a hundred thousand levels', JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
  ])('hides as a whole what is not JSON: %s', (_what, value) => {
    for (const level of levels) {
      expect(redact(value, level)).toEqual({ arguments: undefined, redaction: { level, bytes: 0, hidden: [''] } });
    }
  });

  test('never throws, whatever the value', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withTypedArray: true,
      maxDepth: 4,
    });
    fc.assert(
      fc.property(anything, fc.constantFrom(...levels), fc.array(fc.string()), (value, level, sensitive) => {
        const text = JSON.stringify(redact(value, level, sensitive));
        expect(Buffer.from(text).toString()).toBe(text);
      }),
    );
  });

  test('answers for JSON with its shape, and in clear with its values', () => {
    const plain = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(fc.record({ alpha: plain, beta: plain }), (value) => {
        const before = JSON.stringify(value);
        const { redaction } = redact(value, 'request');
        expect(redaction.bytes).toBe(Buffer.byteLength(before));
        expect(JSON.stringify(value)).toBe(before);
      }),
    );
  });
});

describe('a secret structure', () => {
  test('has one hash, whatever the order of its members', () => {
    const one = redact({ pin: { a: 1, b: [2, { d: 3, c: 4 }] } }).arguments;
    expect(redact({ pin: { b: [2, { c: 4, d: 3 }], a: 1 } }).arguments).toEqual(one);
    expect(one).toEqual({ pin: hash.hash('{"a":1,"b":[2,{"c":4,"d":3}]}', ...domain, '/pin') });
  });

  test('counts as so many leaves as it has when the rest is counted', () => {
    const value = { pin: { a: 1, b: [2, 3] }, list: Array.from({ length: 300 }, (_, index) => index) };
    // One leaf is recorded for three, and 255 of the list.
    expect(redact(value).redaction.digestedLeaves).toBe(45);
  });
});

describe('the work of redactArguments', () => {
  const numbers = Array.from({ length: 256 }, (_, index) => index);
  const below = (value: JsonValue, keys: readonly string[]): JsonValue =>
    keys.reduceRight<JsonValue>((child, key) => ({ [key]: child }), value);
  const members = (count: number, name: (index: number) => string): JsonValue =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), index]));

  /** What is hashed for a value: characters of values and domains, and how many hashes. */
  function workOf(value: JsonValue, level: AuditLevel): { characters: number; hashes: number } {
    const work = { characters: 0, hashes: 0 };
    const counting: KeyedHash = {
      keyId: hash.keyId,
      hash(text, ...parts) {
        work.hashes += 1;
        for (const part of [text, ...parts]) work.characters += part.length;
        return hash.hash(text, ...parts);
      },
      within:
        (...parts) =>
        (text, last) =>
          counting.hash(text, ...parts, last),
      begin(...parts) {
        const hashing = hash.begin(...parts);
        work.hashes += 1;
        for (const part of parts) work.characters += part.length;
        return {
          update(piece) {
            work.characters += piece.length;
            hashing.update(piece);
          },
          digest: () => hashing.digest(),
        };
      },
    };
    redactArguments(value, { level, sensitive: ['/pin'], hash: counting, domain });
    return work;
  }

  test.each<[string, JsonValue]>([
    ['256 leaves below a name of a million tildes', { text: 'a', ['~'.repeat(1_000_000)]: numbers }],
    ['256 leaves below a name of a million letters', { text: 'a', ['x'.repeat(1_000_000)]: [...numbers, 1] }],
    ['256 leaves below thirty long names', below(numbers, Array<string>(30).fill('k'.repeat(33_000)))],
    ['256 long names', members(256, (index) => `${'y'.repeat(4_000)}${index}`)],
    [
      '256 secrets below a long path',
      below(
        members(256, (index) => `pin${' '.repeat(index)}`),
        Array<string>(20).fill('k'.repeat(120)),
      ),
    ],
    ['a million characters of text', { text: 'w '.repeat(500_000) }],
    ['250 long texts', Array.from({ length: 250 }, () => 'w '.repeat(2_000))],
    ['8,000 names that are written differently', members(8_000, (index) => `\u200b${index}`)],
    [
      'deep paths of names that are written differently',
      numbers.map(() => below({}, Array<string>(30).fill('\u200b'))),
    ],
  ])('hashes no part of the arguments more than twice: %s', (_what, value) => {
    const { length } = JSON.stringify(value);
    for (const level of levels) {
      const work = workOf(value, level);
      // Beyond the arguments: a bounded pointer and the domain, a bounded number of times.
      expect(work.characters).toBeLessThan(2 * length + 300_000);
      expect(work.hashes).toBeLessThan(1_000);
    }
  });

  test.each<[string, object]>([
    ['members', members(49_000, (index) => `m${index}`) as object],
    ['arrays', Array.from({ length: 49_000 }, () => [])],
  ])('reads each of many %s once to hash them all', (_what, many) => {
    let reads = 0;
    const watched = new Proxy(many, {
      get(target, name, receiver): unknown {
        reads += 1;
        return Reflect.get(target, name, receiver);
      },
    });
    const { redaction } = redact(watched);
    expect(redaction.digestedLeaves).toBe(49_000 - 256);
    // Those that are recorded once more, for the digest of all.
    expect(reads).toBeLessThan(49_600);
  });
});
