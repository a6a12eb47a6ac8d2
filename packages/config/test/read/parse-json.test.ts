import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/read/parse-json.ts';

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses a name that stands twice in one object, however it is written', () => {
    expect(() => parseJson('{\n  "a": 1,\n  "b": {},\n  "a": 2\n}')).toThrow(
      /^has the field "a" twice in one object, again at line 4, column 3$/,
    );
    expect(() => parseJson(String.raw`[[{"a":"}","\u0061":1}]]`)).toThrow('has the field "a" twice');
    expect(() => parseJson('{"__proto__":1,"__proto__":2}')).toThrow('has the field "__proto__" twice');
    expect(() => parseJson(String.raw`{"\"":1,"\"":2}`)).toThrow(String.raw`has the field "\"" twice`);
  });

  it('allows the same name in different objects and in strings', () => {
    const text = String.raw`{"a":{"a":["a","a",{"a":1},{"a":2}]},"b":"\"a\":","c":"a,{","d":"\\"}`;
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('says where the text stops being JSON and nothing of what stands there', () => {
    expect(() => parseJson('{\n  "hashKey": "secret"\n  "b": 1\n}')).toThrow(/^is not valid JSON at line 3, column 3$/);
    expect(() => parseJson('{"a": secret}')).toThrow(/^is not valid JSON(?: at line 1, column 7)?$/);
    for (const text of ['', 'secret', '{"a":1', '// secret\n{}', "{'a':1}", '{"a":1,}']) {
      expect(() => parseJson(text)).toThrow(/^is not valid JSON(?: at line \d+, column \d+)?$/);
    }
  });
});
