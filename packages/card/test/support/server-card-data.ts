import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const folder = join(import.meta.dirname, '../../../../../shared/data/server-card');

/** Whether the reference data of SEP-2127 is on this machine. */
export const hasServerCardData: boolean = existsSync(folder);

/** The title of tests that need the reference data: it says so when they can not run. */
export function withServerCardData(title: string): string {
  return hasServerCardData ? title : `${title} (NOT CHECKED here, because ../shared/data/server-card is not there)`;
}

/** The examples of one of the folders `valid` and `invalid`. */
export function examples(
  kind: 'valid' | 'invalid',
): readonly { readonly name: string; readonly document: Record<string, unknown> }[] {
  if (!hasServerCardData) return [];
  return readdirSync(join(folder, kind)).map((name) => ({ name, document: readJson(join(kind, name)) }));
}

/** A validator of the published SEP-2127 v1 schema. */
export function createSchemaValidator(): (document: unknown) => boolean {
  const schema = { $ref: '#/$defs/ServerCard', ...readJson('schema.json') };
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  return (document) => validate(document);
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, path), 'utf8')) as Record<string, unknown>;
}
