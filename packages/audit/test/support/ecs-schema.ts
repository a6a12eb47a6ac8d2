import { readFileSync } from 'node:fs';

interface EcsField {
  readonly type: string;
  readonly array?: boolean;
  /** What the field may hold; of a category the event types that are expected with it. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
}

/** Fields of the Elastic Common Schema 9.4.0, Apache-2.0: see its own `about`. */
export const ecsSchema: { readonly version: string; readonly fields: Readonly<Record<string, EcsField>> } = JSON.parse(
  readFileSync(new URL('./ecs-9.4.json', import.meta.url), 'utf8'),
) as { version: string; fields: Record<string, EcsField> };

/** What is wrong with an event by the schema: unknown fields, types, lists, values, event types that a category does not have. */
export function ecsProblems(event: Record<string, unknown>): string[] {
  const problems: string[] = [];
  const leaves = leavesOf(event);
  for (const [name, value] of leaves) {
    if (name.startsWith('sallyport.')) {
      if (Array.isArray(value) ? !value.every(isPlain) : !isPlain(value)) problems.push(`${name} is nested`);
      continue;
    }
    const field = ecsSchema.fields[name] ?? (name.startsWith('labels.') ? { type: 'keyword' } : undefined);
    if (field === undefined) problems.push(`there is no field ${name}`);
    else problems.push(...checkField(name, value, field));
  }
  for (const needed of ['@timestamp', 'message', 'ecs.version', 'event.kind', 'event.type', 'event.id'])
    if (!leaves.has(needed)) problems.push(`${needed} is missing`);
  const { category = [], type = [] } = event['event'] as { category?: string[]; type?: string[] };
  for (const one of category) {
    const expected = ecsSchema.fields['event.category']?.values?.[one] ?? [];
    for (const kind of type) if (!expected.includes(kind)) problems.push(`${one} has no event of type ${kind}`);
  }
  return problems;
}

function leavesOf(value: object, prefix = ''): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value) as [string, unknown][]) {
    if (typeof member === 'object' && member !== null && !Array.isArray(member))
      for (const [name, leaf] of leavesOf(member, `${prefix}${key}.`)) leaves.set(name, leaf);
    else leaves.set(`${prefix}${key}`, member);
  }
  return leaves;
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function checkField(name: string, value: unknown, { type, array, values }: EcsField): string[] {
  if (Array.isArray(value) !== (array === true)) return [`${name} is ${array === true ? 'no' : 'a'} list`];
  const problems: string[] = [];
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    if (!hasType(one, type)) problems.push(`${name} is no ${type}`);
    if (values !== undefined && !Object.hasOwn(values, String(one))) problems.push(`${name} can not be ${String(one)}`);
  }
  return problems;
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'long':
      return Number.isSafeInteger(value);
    case 'ip':
      return typeof value === 'string' && /^[0-9a-f.:]+$/i.test(value);
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
    default:
      return typeof value === 'string';
  }
}
