import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../src/index.ts';
import { minimal } from '../support/fixtures.ts';

const isValid = new Ajv2020({ strict: true, strictTypes: false }).compile(configJsonSchema());

describe('configJsonSchema', () => {
  it('is JSON Schema 2020-12 with standard keywords only', () => {
    expect(configJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://sallyport.dev/schema/config.json',
      required: ['resource', 'card'],
      additionalProperties: false,
    });
    expect(JSON.stringify(configJsonSchema())).not.toContain('"x-');
  });

  it('is what the package publishes as schema.json', async () => {
    const file = await readFile(new URL('../../schema.json', import.meta.url), 'utf8');
    expect(file, 'run node packages/config/scripts/generate.mjs').toBe(
      `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
    );
  });

  it('is a new object every time', () => {
    (configJsonSchema() as Record<string, unknown>)['properties'] = {};
    expect(configJsonSchema()).toHaveProperty('properties.resource');
  });

  it('allows references wherever a text stands', () => {
    const reference = '${env:X}';
    const fields = {
      resource: 'https://${env:HOST}/mcp',
      issuers: [{ issuer: '${file:issuer}', profile: reference, algorithms: [reference], audience: [reference] }],
      legacy: reference,
      audit: { stream: reference, hashKey: reference },
      rateLimits: { perAddress: reference },
      publicMethods: [reference],
    };
    expect(isValid({ ...minimal(), ...fields }), JSON.stringify(isValid.errors)).toBe(true);
    expect(isValid({ ...minimal(), legacy: '${x}' })).toBe(false);
    expect(isValid({ ...minimal(), clockSkewSeconds: reference })).toBe(false);
  });

  it('says in the description what is not available yet', () => {
    expect(configJsonSchema()).toHaveProperty(
      'properties.legacy.description',
      expect.stringMatching(/Not available yet: sessions\.$/),
    );
    expect(configJsonSchema()).toHaveProperty(
      'properties.state.properties.redis.description',
      expect.stringMatching(/Not available yet\.$/),
    );
    expect(configJsonSchema()).toHaveProperty('properties.audit.properties.hashKey.writeOnly', true);
  });
});
