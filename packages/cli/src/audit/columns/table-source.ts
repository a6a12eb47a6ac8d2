import { entryEnd, csvFormat } from './csv-row.ts';
import { recordColumns } from './record-columns.ts';

/** The SELECT that reads rows from a file as `records`, in their order, with the types of the columns. */
export function tableSource(file: string, withRecord: boolean): string {
  const read = recordColumns.map(({ name, type }) => [name, type === 'VARCHAR[]' ? 'VARCHAR' : type] as const);
  const types = [...read, ...(withRecord ? [['record', 'VARCHAR'] as const] : [])];
  const columns = types.map(([name, type]) => `'${name}': '${type}'`).join(', ');
  const values = recordColumns.map(({ name, type }) => (type === 'VARCHAR[]' ? listOf(name) : quoted(name)));
  const record = withRecord ? ', CAST("record" AS JSON) AS "record"' : '';
  return `SELECT ${values.join(', ')}${record} FROM read_csv(${literal(file)}, ${csvFormat(withRecord)}, columns = {${columns}})`;
}

/** A text of SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Every entry ends with a mark, so what follows the last one is nothing. */
function listOf(name: string): string {
  return `string_split(${quoted(name)}, chr(${entryEnd.charCodeAt(0)}))[:-2] AS ${quoted(name)}`;
}

function quoted(name: string): string {
  return `"${name}"`;
}
