import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateInJson } from '../../src/card/locate-in-json.ts';

const text = '{ "a": [1, {"b c": "}"}, [ ]], "\\u0064": {"": null}, "e": tru }'.replace('tru', 'true');

describe('locateInJson', () => {
  it.each([
    [[], '{ "a"'],
    [['a'], '"a": ['],
    [['a', 0], '1, {'],
    [['a', 1], '{"b c"'],
    [['a', 1, 'b c'], '"b c": "}"'],
    [['a', 2], '[ ]'],
    [['d'], '"\\u0064"'],
    [['d', ''], '"": null'],
    [['e'], '"e": true'],
  ])('finds %j', (path, beginning) => {
    expect(text.slice(locateInJson(text, path)).startsWith(beginning)).toBe(true);
  });

  it.each([
    [['x'], '{ "a"'],
    [['a', 7], '"a": ['],
    [['a', 1, 'x', 'y'], '{"b c"'],
    [['e', 'x'], '"e": true'],
  ])('finds the deepest part of %j that there is', (path, beginning) => {
    expect(text.slice(locateInJson(text, path)).startsWith(beginning)).toBe(true);
  });

  it('finds the last of repeated names, which is the one that counts', () => {
    expect(locateInJson('{"a": 1, "a": 2}', ['a'])).toBe(9);
  });

  it('finds every value of any JSON, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const json = JSON.stringify(value, undefined, indent);
        for (const { path, item } of parts(value)) {
          const rest = json.slice(locateInJson(json, path));
          const name = path.at(-1);
          if (typeof name === 'string') expect(rest.startsWith(`${JSON.stringify(name)}:`)).toBe(true);
          else expect(rest.startsWith(JSON.stringify(item, undefined, indent).slice(0, 1))).toBe(true);
        }
      }),
    );
  });
});

interface Part {
  readonly path: readonly (string | number)[];
  readonly item: unknown;
}

function parts(item: unknown, path: Part['path'] = []): readonly Part[] {
  if (typeof item !== 'object' || item === null) return [{ path, item }];
  const members: readonly (readonly [string | number, unknown])[] = Array.isArray(item)
    ? [...item.entries()]
    : Object.entries(item);
  return [{ path, item }, ...members.flatMap(([key, inner]) => parts(inner, [...path, key]))];
}
