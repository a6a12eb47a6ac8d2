/**
 * Renders docs/config.md from the annotated schema of the config file.
 *
 * @typedef {import('../src/schema/annotated-schema.ts').SchemaNode} SchemaNode
 * @typedef {{ name: string, path: string, node: SchemaNode, required: boolean }} Field
 */

const intro = `# Config file

<!-- Written by packages/config/scripts/generate.mjs from the schema. Do not edit. -->

One file describes a guarded server. Three settings are enough:

\`\`\`yaml
resource: https://mcp.example.com/mcp
issuers:
  - issuer: https://login.example.com
card: ./server-card.json
\`\`\`

The same as JSON, with a schema that editors understand:

\`\`\`json
{
  "$schema": "./node_modules/@sallyport/config/schema.json",
  "resource": "https://mcp.example.com/mcp",
  "issuers": [{ "issuer": "https://login.example.com" }],
  "card": "./server-card.json"
}
\`\`\`

The extension decides: \`.json\` is strict JSON, \`.yaml\` and \`.yml\` are YAML 1.2. Relative paths start at the file's folder.
In code, \`loadConfig\` takes the path or an object of the same shape.

## Rules

- A wrong file stops the process at start with one line: file, field, what was seen and expected, what to do.
- An unknown field is an error. So is a field that stands twice.
- A field of a feature that is not available yet is refused, never ignored. Below it is marked; its default is accepted.
- A default is filled only for a field that is left out. \`null\` and, in code, \`undefined\` are errors.

## Variables and files

Any text may hold references. They are replaced once, when the file is loaded; the result is not searched again.

| write | get |
|---|---|
| \`\${env:NAME}\` | the environment variable; it must be set and not empty |
| \`\${file:PATH}\` | the content of a UTF-8 file of at most 64 KiB, without its last line break; the path starts at the config file's folder |
| \`$\${\` | the two characters \`\${\` |

In YAML, quote a reference inside brackets: \`["\${env:NAME}"]\`. Only texts hold references; a number or a switch can not.

A file behind a secret (\`audit.hashKey\`) must not be accessible to group or others: mode 0600 or stricter, on Kubernetes
\`defaultMode: 0400\`. Values that came from a variable or a file are never shown in an error message.

## Environment

These variables fill what the file leaves out and never override it. An empty one counts as not set.

| variable | fills |
|---|---|
| \`ISSUER_BASE_URL\` | \`issuers\`, with one issuer, when the field is left out |
| \`AUDIENCE\` | \`audience\` of every issuer that names none, instead of the resource |
| \`REDIS_URL\` | nothing yet; a warning says so |
| \`OTEL_SERVICE_NAME\` | \`serviceName\` of every OTLP export of \`audit.export\` that names none |
| other \`OTEL_*\` | nothing here; OpenTelemetry reads them, and none of them ever creates an audit export |

\`NODE_TLS_REJECT_UNAUTHORIZED=0\` gets a warning: it lets anybody on the network pose as the issuer.

## Fields
`;

/** @param {string} path */
const label = (path) => `[\`${path}\`](#${anchor(path)})`;

/**
 * As GitHub makes the anchor of a heading.
 *
 * @param {string} heading
 */
function anchor(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}

/** @param {unknown} value */
const code = (value) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/**
 * @param {SchemaNode} node
 * @param {boolean} required
 */
function defaultOf(node, required) {
  if (required) return 'required';
  if (node['x-default-text'] !== undefined) return node['x-default-text'];
  if (node.default === undefined) return 'none';
  return Array.isArray(node.default) && node.default.length === 0 ? 'none' : code(node.default);
}

/** @param {SchemaNode} node */
function notYetOf(node) {
  const notYet = node['x-not-available-yet'];
  if (notYet === undefined) return undefined;
  return notYet === true ? 'Not available yet.' : `Not available yet: ${notYet.map(code).join(', ')}.`;
}

/**
 * The fields of an object.
 *
 * @param {SchemaNode} node
 * @param {string} prefix
 * @returns {Field[]}
 */
function fieldsOf(node, prefix) {
  const required = new Set(node.required);
  return Object.entries(node.properties ?? {}).map(([name, child]) => ({
    name,
    path: prefix === '' ? name : `${prefix}.${name}`,
    node: child,
    required: required.has(name),
  }));
}

/**
 * The object inside a field, when it has fields of its own.
 *
 * @param {Field} field
 * @returns {{ node: SchemaNode, path: string } | undefined}
 */
function innerOf({ node, path }) {
  if (node.properties !== undefined) return { node, path };
  return node.items?.properties === undefined ? undefined : { node: node.items, path: `${path}[]` };
}

/**
 * The object at a path such as `issuers[]`.
 *
 * @param {SchemaNode} root
 * @param {string} path
 * @returns {SchemaNode | undefined}
 */
function objectAt(root, path) {
  /** @type {SchemaNode | undefined} */
  let node = root;
  for (const part of path.split('.')) {
    const child = node?.properties?.[part.replace('[]', '')];
    node = part.endsWith('[]') ? child?.items : child;
  }
  return node;
}

/** @param {Field[]} fields */
function tableOf(fields) {
  const rows = fields.map(({ path, node, required }) => {
    const notYet = node['x-not-available-yet'] === true;
    return `| ${label(path)} | ${notYet ? 'not available yet' : node.properties === undefined ? defaultOf(node, required) : 'see there'} |`;
  });
  return ['| field | default |', '|---|---|', ...rows].join('\n');
}

/** @param {Field} field */
function renderField(field) {
  const { name, path, node, required } = field;
  const lines = [`#### ${path}`, '', node.description, ''];
  const notYet = notYetOf(node);
  if (node['x-not-available-yet'] === true) {
    const off = node.default === undefined ? 'Setting it stops the start.' : `Only ${code(node.default)} is accepted.`;
    return [...lines, `**Not available yet.** ${off}`].join('\n');
  }
  lines.push(`- Type: ${node['x-expected']}`);
  if (innerOf(field) === undefined || required || node['x-default-text'] !== undefined)
    lines.push(`- Default: ${defaultOf(node, required)}`);
  if (notYet !== undefined) lines.push(`- ${notYet}`);
  lines.push(`- Example: \`"${name}": ${JSON.stringify(node.examples?.[0])}\``);
  return lines.join('\n');
}

/**
 * @param {SchemaNode} root
 * @param {SchemaNode} node
 * @param {string} path
 * @returns {string}
 */
function renderObject(root, node, path) {
  const sameAs = node['x-same-as'];
  const others = sameAs === undefined ? undefined : objectAt(root, sameAs);
  const fields = fieldsOf(node, path).filter(({ name }) => !Object.hasOwn(others?.properties ?? {}, name));
  const heading = path === '' ? '### Top level' : `### Fields of ${path}`;
  const inner = fields.map(innerOf).filter((found) => found !== undefined);
  return [
    heading,
    tableOf(fields),
    ...fields.map(renderField),
    ...(sameAs === undefined ? [] : [`And [every field of \`${sameAs}\`](#${anchor(`Fields of ${sameAs}`)}).`]),
    ...inner.map((found) => renderObject(root, found.node, found.path)),
  ].join('\n\n');
}

/**
 * @param {SchemaNode} schema the annotated schema
 * @returns {string} Markdown
 */
export function renderReference(schema) {
  return `${intro}\n${renderObject(schema, schema, '')}\n`;
}
