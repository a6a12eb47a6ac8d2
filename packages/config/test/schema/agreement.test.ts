import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { configJsonSchema } from '../../src/index.ts';
import { agreed } from '../../src/schema/agreement.ts';
import { annotatedSchema, type SchemaNode } from '../../src/schema/annotated-schema.ts';
import { annotation } from '../../src/schema/field.ts';
import { everything } from '../support/everything.ts';
import { load, minimal } from '../support/fixtures.ts';

const isValid = new Ajv2020({ strict: true, strictTypes: false }).compile(configJsonSchema());

/** The paths of all fields that have a value which can be written. */
function pathsOf(node: SchemaNode, path = ''): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const here = `${path}${name}`;
    if (child.not !== undefined) return [];
    return [
      here,
      ...pathsOf(child, `${here}.`),
      ...(child.items === undefined ? [] : pathsOf(child.items, `${here}[].`)),
    ];
  });
}

function pathsOfValue(value: unknown, path = ''): string[] {
  return Object.entries(value as object).flatMap(([name, member]: [string, unknown]) => {
    const here = `${path}${name}`;
    if (Array.isArray(member))
      return [here, ...member.flatMap((item) => (typeof item === 'object' ? pathsOfValue(item, `${here}[].`) : []))];
    return typeof member === 'object' && name !== 'card' && name !== 'headers'
      ? [here, ...pathsOfValue(member, `${here}.`)]
      : [here];
  });
}

describe('types, schema and JSON Schema', () => {
  it('have the same fields', () => {
    // `everything` holds exactly the fields of the type: one too few or too many does not compile.
    const written = [...new Set(pathsOfValue(everything))];
    expect(pathsOf(annotatedSchema()).toSorted()).toEqual(written.toSorted());
  });

  it('do not compile when schema and type differ in either direction', () => {
    const schema = z.strictObject({ a: z.string(), b: z.int().default(1) });
    expectTypeOf(agreed<{ a: string; b?: number }, { a: string; b: number }>()(schema)).toExtend<z.ZodType>();
    expectTypeOf(
      agreed<{ a: string; b?: number; c?: string }, { a: string; b: number }>()(schema),
    ).not.toExtend<z.ZodType>();
    expectTypeOf(agreed<{ a: string }, { a: string; b: number }>()(schema)).not.toExtend<z.ZodType>();
    expectTypeOf(agreed<{ a: 'x'; b?: number }, { a: string; b: number }>()(schema)).not.toExtend<z.ZodType>();
    expectTypeOf(agreed<{ a: string; b?: number }, { a: string; b?: number }>()(schema)).not.toExtend<z.ZodType>();
  });

  it('accept the same values', async () => {
    expect(isValid(everything), JSON.stringify(isValid.errors)).toBe(true);
    expect(isValid(minimal())).toBe(true);
    await expect(load(everything)).resolves.toBeDefined();
  });

  it('never accept in the loader what the JSON Schema refuses', async () => {
    const places = pathsOf(annotatedSchema()).map((path) => path.split('.'));
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom('strict', 'https://a.example', 0, 1, 64, [], {}, true, '10/s', ['a']),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), value, async (place, replacement) => {
        const input = JSON.parse(JSON.stringify(everything)) as Record<string, unknown>;
        let target: Record<string, unknown> = input;
        for (const step of place.slice(0, -1)) {
          const name = step.replace('[]', '');
          const next = target[name];
          target = (Array.isArray(next) ? next[0] : next) as Record<string, unknown>;
        }
        target[place.at(-1) ?? ''] = replacement;
        const accepted = await load(input).then(
          () => true,
          () => false,
        );
        if (accepted) expect(isValid(input), JSON.stringify(input)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuse unknown fields everywhere', () => {
    for (const input of [
      { x: 1 },
      { audit: { x: 1 } },
      { issuers: [{ issuer: 'https://a', x: 1 }] },
      { state: { x: 1 } },
      { tasks: { x: 1 } },
    ]) {
      expect(isValid({ ...minimal(), ...input })).toBe(false);
    }
  });

  it('refuse what is not available yet', () => {
    for (const input of [
      { legacy: 'sessions' },
      { state: { redis: 'redis://127.0.0.1' } },
      { audit: { export: [{}] } },
      { tasks: { ttlMs: 1 } },
    ]) {
      expect(isValid({ ...minimal(), ...input })).toBe(false);
    }
  });
});

describe('the notes of a field', () => {
  const visit = (node: SchemaNode, path: string, check: (node: SchemaNode, path: string) => void): void => {
    check(node, path);
    for (const [name, child] of Object.entries(node.properties ?? {})) visit(child, `${path}.${name}`, check);
    if (node.items !== undefined) visit(node.items, `${path}[]`, check);
  };

  it('say what may stand there, and give an example', () => {
    visit(annotatedSchema(), '', (node, path) => {
      if (node.not !== undefined && node[annotation.notYet] === undefined) return;
      expect(node[annotation.expected], path).toBeTypeOf('string');
      if (node[annotation.notYet] !== true) expect(node.examples, path).toHaveLength(1);
      if (!path.endsWith('[]')) expect(node.description, path).toMatch(/\.$/);
    });
  });

  it('give examples that load', async () => {
    // What some fields of an issuer need beside them.
    const companions: Record<string, object> = {
      tenants: { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0', profile: 'entra' },
      appOnlyRoles: { profile: 'entra' },
      introspection: { tokens: 'opaque' },
    };
    const issuerWith = (name: string, example: unknown): object => ({
      issuer: 'https://login.example.com',
      ...companions[name],
      [name]: example,
    });
    const env = { INTROSPECTION_SECRET: 'secret' };
    // Some features need proxies that are trusted.
    const base = (): object => ({ ...minimal(), network: { trustedProxies: ['10.0.0.0/8'] } });
    for (const [name, node] of Object.entries(annotatedSchema().properties ?? {})) {
      if (node.examples !== undefined && node.writeOnly !== true) await load({ ...base(), [name]: node.examples[0] });
      for (const [inner, child] of Object.entries(node.properties ?? {})) {
        const example = child.examples?.[0];
        if (example !== undefined && child.writeOnly !== true)
          await load(
            { ...base(), [name]: name === 'enterpriseToken' ? issuerWith(inner, example) : { [inner]: example } },
            env,
          );
      }
    }
    for (const [name, node] of Object.entries(annotatedSchema().properties?.['issuers']?.items?.properties ?? {})) {
      const example = node.examples?.[0];
      if (example !== undefined) await load({ ...minimal(), issuers: [issuerWith(name, example)] }, env);
    }
  });
});
