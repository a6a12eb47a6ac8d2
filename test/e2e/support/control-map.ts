/** Everything a page may name in code spans. */
export interface KnownNames {
  /** Dotted paths of the configuration, with the values of those that have a choice. */
  readonly settings: ReadonlyMap<string, readonly string[]>;
  /** Dotted paths of the members of records. */
  readonly fields: ReadonlySet<string>;
  /** Types of records, modes, levels, reasons, finding codes, error codes, metrics, members of a card, routes. */
  readonly others: ReadonlySet<string>;
  /** The help of a command, or `undefined` for none. */
  helpOf(command: string): Promise<string | undefined>;
}

/** The entries of the map: their title and the four things each has to say. */
export interface ControlEntry {
  readonly title: string;
  readonly parts: ReadonlyMap<string, string>;
}

/** What each entry of the map says, in this order. */
export const entryParts: readonly string[] = ['Asks', 'Answered by', 'Show', 'Yours'];

/** The entries of the control map. */
export function readEntries(page: string): ControlEntry[] {
  return page
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [title = '', ...rest] = (section.split(/^## /m)[0] ?? '').split('\n');
      const items = rest.join('\n').split(/^- \*\*/m);
      const parts = items.slice(1).map((item): [string, string] => {
        const end = item.indexOf('.** ');
        return [item.slice(0, end), item.slice(end + 4).trim()];
      });
      return { title, parts: new Map(parts) };
    });
}

/** The code spans of a page, outside blocks. */
export function codeSpans(page: string): string[] {
  const text = page.replaceAll(/^```[^]*?^```$/gm, '');
  return [...new Set([...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span))];
}

/** What is wrong with a code span: it names nothing that exists. `undefined` when it does. */
export async function spanProblem(span: string, known: KnownNames): Promise<string | undefined> {
  if (span.startsWith('sallyport ')) return commandProblem(span, known);
  const [name = '', value] = span.split(': ', 2);
  if (value === undefined) {
    return known.settings.has(name) || known.fields.has(name) || known.others.has(name)
      ? undefined
      : `${span} does not exist`;
  }
  const choices = known.settings.get(name);
  if (choices === undefined) return `${name} is no setting`;
  return choices.length === 0 || choices.includes(value) ? undefined : `${name} can not be ${value}`;
}

async function commandProblem(span: string, known: KnownNames): Promise<string | undefined> {
  const words = span
    .replaceAll(/'[^']*'/g, 'quoted')
    .split(' ')
    .slice(1);
  const at = words.findIndex((word) => word.startsWith('-'));
  const command = words.slice(0, at === -1 ? undefined : at).join(' ');
  const help = await known.helpOf(command);
  if (help === undefined) return `there is no command "${command}"`;
  const missing = words.filter(
    (word) => word.startsWith('--') && !new RegExp(`^ +(?:-., )?${word}\\b`, 'm').test(help),
  );
  return missing.length === 0 ? undefined : `${command} has no ${missing.join(', ')}`;
}

/** The settings that a JSON Schema allows, as dotted paths; members of list elements stand under the list. */
export function settingsOf(schema: unknown): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { properties, items, anyOf, oneOf, enum: values, const: value } = node as Record<string, unknown>;
    if (path !== '') found.set(path, [...(found.get(path) ?? []), ...textsOf(values), ...textsOf([value])]);
    for (const [name, child] of Object.entries(properties ?? {})) visit(child, path === '' ? name : `${path}.${name}`);
    visit(items, path);
    for (const branch of [anyOf, oneOf]) if (Array.isArray(branch)) for (const child of branch) visit(child, path);
  };
  visit(schema, '');
  return found;
}

function textsOf(values: unknown): string[] {
  return Array.isArray(values) ? values.filter((value): value is string => typeof value === 'string') : [];
}

/** The dotted paths of everything in a JSON value. */
export function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  const own = path === '' ? [] : [path];
  return [
    ...own,
    ...Object.entries(value).flatMap(([name, child]) => pathsOf(child, own.length === 0 ? name : `${path}.${name}`)),
  ];
}
