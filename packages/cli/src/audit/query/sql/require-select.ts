import type { DuckDBConnection } from '@duckdb/node-api';
import { isJsonObject, type JsonObject, type JsonValue } from '@sallyport/core';
import { reasonOf, sqlError } from './sql-error.ts';

/** The tables of the database. */
const tables: readonly string[] = ['records', 'calls'];

/** Functions that stand for tables and look at nothing but their arguments. All others are refused: some read files, or memory. */
const tableFunctions: ReadonlySet<string> = new Set([
  'generate_series',
  'json_each',
  'json_tree',
  'range',
  'repeat',
  'unnest',
]);

/** Scalar functions that do more than compute. */
const refusedFunctions: ReadonlySet<string> = new Set([
  'current_setting',
  'currval',
  'getenv',
  'getvariable',
  'json_deserialize_sql',
  'json_execute_serialized_sql',
  'json_serialize_plan',
  'json_serialize_sql',
  'nextval',
  'write_log',
]);

/** Names that a WITH clause may give: none that DuckDB could take for a file or for something of its own. */
const plainName = /^(?!duckdb_|pragma_|sqlite_|information_schema)[a-z_]\w*$/i;

const remedy = 'give one SELECT statement on the tables records and calls';

/**
 * Lets only one SELECT statement through that reads the tables `records` and `calls`: by what DuckDB's own parser makes of it, not by
 * its text.
 *
 * @throws SetupError `ERR_CLI_SQL`
 */
export async function requireSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  const parsed = await parse(connection, sql);
  const nodes = nodesOf(parsed);
  const common = nodes.flatMap(commonTables);
  const odd = common.find((name) => !plainName.test(name));
  if (odd !== undefined) throw sqlError(`the name ${odd} in WITH can not be used here`, remedy);
  const known = new Set([...tables, ...common].map((name) => name.toLowerCase()));
  for (const node of nodes) {
    const refused = refusalOf(node, known);
    if (refused !== undefined) throw sqlError(`${refused} can not be used here`, remedy);
  }
}

async function parse(connection: DuckDBConnection, sql: string): Promise<JsonObject> {
  let parsed: unknown;
  try {
    const reader = await connection.runAndReadAll('SELECT json_serialize_sql(CAST($1 AS VARCHAR))', [sql]);
    parsed = JSON.parse(String(reader.getRows()[0]?.[0]));
  } catch (cause) {
    throw sqlError(`the statement can not be read: ${reasonOf(cause)}`, remedy, cause);
  }
  if (!isJsonObject(parsed)) throw sqlError('the statement can not be read', remedy);
  const { error, error_message: message, statements } = parsed;
  if (error === true) {
    const problem = parsed['error_type'] === 'not implemented' ? 'it is no SELECT statement' : textOf(message);
    throw sqlError(problem, remedy);
  }
  if (!Array.isArray(statements) || statements.length !== 1) throw sqlError('there is more than one statement', remedy);
  return parsed;
}

/** All objects of the parsed statement. */
function nodesOf(root: JsonObject): JsonObject[] {
  const nodes: JsonObject[] = [];
  const waiting: JsonValue[] = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (Array.isArray(value)) waiting.push(...(value as JsonValue[]));
    else if (isJsonObject(value)) {
      nodes.push(value);
      waiting.push(...Object.values(value));
    }
  }
  return nodes;
}

/** Names that a WITH clause gives. */
function commonTables({ cte_map: map }: JsonObject): string[] {
  const entries = isJsonObject(map) ? map['map'] : undefined;
  if (!Array.isArray(entries)) return [];
  return (entries as JsonValue[]).flatMap((entry) => (isJsonObject(entry) ? [textOf(entry['key'])] : []));
}

function refusalOf(node: JsonObject, known: ReadonlySet<string>): string | undefined {
  const { type, function: called } = node;
  switch (type) {
    case 'BASE_TABLE':
      return isPlain(node, known) ? undefined : `the table ${fullName(node)}`;
    case 'SHOW_REF':
      return node['query'] === null && node['table_name'] !== '"tables"' ? 'SHOW of anything but tables' : undefined;
    case 'TABLE_FUNCTION': {
      const name = isJsonObject(called) ? textOf(called['function_name']).toLowerCase() : '';
      return tableFunctions.has(name) ? undefined : `the table function ${name}`;
    }
    default: {
      const name = textOf(node['function_name']).toLowerCase();
      return refusedFunctions.has(name) ? `the function ${name}` : undefined;
    }
  }
}

function isPlain(
  { schema_name: schema, catalog_name: catalog, table_name: name }: JsonObject,
  known: ReadonlySet<string>,
) {
  return schema === '' && catalog === '' && known.has(textOf(name).toLowerCase());
}

function fullName({ schema_name: schema, catalog_name: catalog, table_name: name }: JsonObject): string {
  return [catalog, schema, name]
    .map(textOf)
    .filter((part) => part !== '')
    .join('.');
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
