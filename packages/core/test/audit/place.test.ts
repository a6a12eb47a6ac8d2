import { describe, expect, test } from 'vitest';
import { createKeyedHash } from '../../src/audit/keyed-hash.ts';
import { childPlace, rootPlace, shownPointer, type Place } from '../../src/audit/place.ts';

const hash = createKeyedHash(Buffer.alloc(32, 7));
const domain = ['arguments', 'tool', 'transfer'];
const root = (...sensitive: string[]): Place => rootPlace({ hash, domain, sensitive });
const below = (place: Place, ...keys: string[]): Place =>
  keys.reduce((parent, key) => {
    const hashed = key.length > 512 ? hash.hash(key, 'name') : undefined;
    return childPlace(parent, { key, hashed, name: key.slice(0, 20), credential: false });
  }, place);

describe('childPlace', () => {
  test('names a place by its pointer up to 512 characters', () => {
    expect(below(root(), 'a/b', '0', 'm~n').pointer).toBe('/a~1b/0/m~0n');
    expect(below(root(), 'k'.repeat(511)).pointer).toBe(`/${'k'.repeat(511)}`);
  });

  test('puts a keyed hash in the place of a longer pointer, and goes on from there', () => {
    const parent = `/${'k'.repeat(500)}`;
    const expected = hash.hash('member-of-20-letters', ...domain, 'pointer', parent);
    expect(below(root(), 'k'.repeat(500), 'member-of-20-letters').pointer).toBe(expected);
    expect(below(root(), 'k'.repeat(500), 'member-of-20-letters', 'a', '1').pointer).toBe(`${expected}/a/1`);
  });

  test('keeps long pointers apart', () => {
    const long = 'k'.repeat(600);
    const places = [
      [long],
      [`${long}1`],
      [`${long}2`],
      ['a', long],
      [long, 'a'],
      [long, 'b'],
      [long, long],
      [`${long}/a`],
      ['k'.repeat(512)],
      ['~'.repeat(400)],
      ['~'.repeat(401)],
    ];
    const pointers = new Set(places.map((keys) => below(root(), ...keys).pointer));
    expect(pointers.size).toBe(places.length);
    for (const pointer of pointers) expect(pointer.length).toBeLessThan(512);
  });

  test('finds a sensitive pointer of any length', () => {
    const long = '~'.repeat(600);
    const pointer = `/${'~0'.repeat(600)}/pin`;
    const place = below(root('/short', pointer), long, 'pin');
    expect(place.secret).toBe(true);
    expect(below(root(pointer), long).secret).toBe(false);
    expect(below(root(pointer), long, 'pine').secret).toBe(false);
    expect(below(root(`/${'a/'.repeat(400)}b`), ...Array<string>(400).fill('a'), 'b').secret).toBe(true);
    expect(below(root('/short'), long, 'short').secret).toBe(false);
  });
});

test('shownPointer cuts at 512 characters', () => {
  const place = below(root(), ...Array.from({ length: 40 }, () => 'a-name-of-20-letters'));
  expect(shownPointer(place)).toBe(`${'/a-name-of-20-letters'.repeat(40).slice(0, 512)}…`);
});
