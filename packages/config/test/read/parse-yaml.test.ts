import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/read/parse-yaml.ts';

describe('parseYaml', () => {
  it('reads the values of JSON', () => {
    expect(parseYaml('a: 1\nb: [x, "1", true, null, 1.5, yes, 0x10]\nc: {d: ""}\ne: |\n  text\n')).toEqual({
      a: 1,
      b: ['x', '1', true, null, 1.5, 'yes', 16],
      c: { d: '' },
      e: 'text\n',
    });
  });

  it('takes references without quotes, except in a list in brackets', () => {
    expect(parseYaml('a: ${env:HOST}\nb:\n  - ${file:./x.key}\nc: ["${env:X}"]\n')).toEqual({
      a: '${env:HOST}',
      b: ['${file:./x.key}'],
      c: ['${env:X}'],
    });
    expect(() => parseYaml('c: [${env:X}]\n')).toThrow('is not valid YAML');
  });

  it('refuses a key that stands twice in one map', () => {
    expect(() => parseYaml('a: 1\nb: 2\n"a": 3\n')).toThrow(
      /^has the field "a" twice in one object, again at line 3, column 1$/,
    );
    expect(() => parseYaml('x:\n  - {a: 1, a: 2}\n')).toThrow('has the field "a" twice');
    expect(() => parseYaml('1: a\n"1": b\n')).toThrow('has the field "1" twice');
    expect(() => parseYaml('<<: {a: 1}\n<<: {b: 1}\n')).toThrow('has the field "<<" twice');
  });

  it('says where the text stops being YAML and nothing of what stands there', () => {
    expect(() => parseYaml('a: 1\nhashKey: !secret\n')).toThrow(
      /^is not valid YAML at line 2, column 10 \(tag resolve failed\)$/,
    );
    expect(() => parseYaml('hashKey: *secret\n')).toThrow(/^uses aliases that lead nowhere or multiply its content$/);
    expect(() => parseYaml('a:\n\t- secret\n')).toThrow(/^is not valid YAML at line \d, column \d \([a-z ]+\)$/);
    expect(() => parseYaml('a: "secret')).toThrow(/^is not valid YAML at line 1, column 11 \(missing char\)$/);
    expect(() => parseYaml('a: 1\n---\nb: 1\n')).toThrow(/^is not valid YAML at line 2, column 1 \(multiple docs\)$/);
  });

  it('refuses what only older versions of YAML have', () => {
    for (const text of [
      'a: !!binary aGk=',
      'a: !!timestamp 2020-01-01',
      '? [a]\n: 1',
      '? {a: 1}\n: 1',
      'x: &a b\n*a : 1',
    ]) {
      expect(() => parseYaml(text)).toThrow(/^is not valid YAML/);
    }
    expect(() => parseYaml('%YAML 1.1\n---\na: yes\n')).toThrow(/^asks for another version of YAML than 1\.2$/);
  });

  it('does not merge keys', () => {
    expect(parseYaml('x: &a {b: 1}\ny: {<<: *a}\n')).toEqual({ x: { b: 1 }, y: { '<<': { b: 1 } } });
  });

  it('keeps a __proto__ key an ordinary key', () => {
    const value = parseYaml('__proto__: {polluted: true}\n') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value['polluted']).toBeUndefined();
  });

  it('allows aliases, but not to multiply', () => {
    expect(parseYaml('a: &a [1]\nb: *a\n')).toEqual({ a: [1], b: [1] });
    const levels = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array.from({ length: 9 }, () => `*l${index}`).join(', ')}]`,
    );
    expect(() => parseYaml(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toThrow(
      /^uses aliases that lead nowhere or multiply its content$/,
    );
  });
});
