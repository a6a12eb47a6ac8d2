import { readFileSync } from 'node:fs';

/** An attribute of a class or object of OCSF. */
interface Attribute {
  readonly type?: string;
  readonly format?: string;
  readonly object?: string;
  readonly array?: boolean;
  readonly requirement?: 'required' | 'recommended';
  readonly enum?: Readonly<Record<string, string>>;
  readonly profile?: string;
}

interface Shape {
  readonly constraints: { readonly at_least_one?: readonly string[]; readonly just_one?: readonly string[] };
  readonly attributes: Readonly<Record<string, Attribute>>;
}

interface Schema {
  readonly version: string;
  readonly classes: Readonly<Record<string, Shape & { readonly name: string; readonly category_uid: number }>>;
  readonly objects: Readonly<Record<string, Shape>>;
}

/** Parts of the OCSF schema 1.8.0, Apache-2.0: see its own `about`. */
export const ocsfSchema: Schema = JSON.parse(
  readFileSync(new URL('./ocsf-1.8.json', import.meta.url), 'utf8'),
) as Schema;

/** What is wrong with an event by the OCSF schema: unknown, missing and mistyped attributes, values of enumerations, constraints. */
export function ocsfProblems(event: Record<string, unknown>): string[] {
  const shape = ocsfSchema.classes[String(event['class_uid'])];
  if (shape === undefined) return [`there is no class ${String(event['class_uid'])}`];
  const metadata = event['metadata'] as { version?: string; profiles?: string[] } | undefined;
  const problems = problemsOf('event', event, shape, metadata?.profiles ?? []);
  if (metadata?.version !== ocsfSchema.version) problems.push('metadata.version is another one');
  const typeUid = Number(event['class_uid']) * 100 + Number(event['activity_id']);
  if (event['type_uid'] !== typeUid) problems.push(`type_uid is not ${typeUid}`);
  return problems;
}

function problemsOf(path: string, value: object, shape: Shape, profiles: readonly string[]): string[] {
  const members = new Map(Object.entries(value));
  const problems: string[] = [];
  for (const [name, member] of members) {
    const attribute = shape.attributes[name];
    if (attribute === undefined || (attribute.profile !== undefined && !profiles.includes(attribute.profile)))
      problems.push(`${path} has no attribute ${name}`);
    else problems.push(...checkMember(`${path}.${name}`, member, attribute, profiles));
  }
  for (const [name, { requirement, profile }] of Object.entries(shape.attributes)) {
    if (requirement === 'required' && profile === undefined && !members.has(name))
      problems.push(`${path} lacks ${name}`);
  }
  const some = shape.constraints.at_least_one;
  if (some !== undefined && !some.some((name) => members.has(name)))
    problems.push(`${path} needs one of ${some.join(', ')}`);
  const one = shape.constraints.just_one;
  if (one !== undefined && one.filter((name) => members.has(name)).length !== 1)
    problems.push(`${path} needs exactly one of ${one.join(', ')}`);
  return problems;
}

function checkMember(path: string, value: unknown, attribute: Attribute, profiles: readonly string[]): string[] {
  if (attribute.array === true) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((one, index) =>
      checkMember(`${path}[${index}]`, one, { ...attribute, array: false }, profiles),
    );
  }
  const { object, type, format, enum: values } = attribute;
  if (object !== undefined) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no object`];
    const shape = ocsfSchema.objects[object];
    // "object" is any object, which is what `unmapped` holds.
    return shape === undefined || object === 'object' ? [] : problemsOf(path, value, shape, profiles);
  }
  if (values !== undefined && !Object.hasOwn(values, String(value)))
    return [`${path} is none of its values: ${String(value)}`];
  switch (type) {
    case 'string':
      if (typeof value !== 'string') return [`${path} is no string`];
      return format === 'ip' && !/^[0-9a-f.:]+$/i.test(value) ? [`${path} is no address`] : [];
    case 'integer':
    case 'long':
      return Number.isSafeInteger(value) ? [] : [`${path} is no integer`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path} is no boolean`];
    default:
      return [];
  }
}
