import type { DuckDBTimestampTZValue, DuckDBTimestampValue, DuckDBValue } from '@duckdb/node-api';
import type { JsonValue } from '@sallyport/core';
import type { DuckDB } from '../../columns/duckdb.ts';

/**
 * Makes what turns a value into JSON, exactly: whole numbers beyond 2^53, decimals and what JSON has no form for are strings; times are
 * RFC 3339 in UTC, with microseconds where there are any.
 */
export function createSqlValue(duckdb: DuckDB): (value: DuckDBValue) => JsonValue {
  return function sqlValue(value: DuckDBValue): JsonValue {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'bigint':
        return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
      default:
    }
    if (value === null) return null;
    if (value instanceof duckdb.DuckDBTimestampValue || value instanceof duckdb.DuckDBTimestampTZValue)
      return timeText(value);
    if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue)
      return value.items.map(sqlValue);
    if (value instanceof duckdb.DuckDBStructValue) {
      return named(Object.entries(value.entries).map(([name, one]) => [name, sqlValue(one)]));
    }
    if (value instanceof duckdb.DuckDBMapValue) {
      return value.entries.map((entry) => ({ key: sqlValue(entry.key), value: sqlValue(entry.value) }));
    }
    if (value instanceof duckdb.DuckDBUnionValue) return sqlValue(value.value);
    if (value instanceof duckdb.DuckDBBlobValue) return `0x${Buffer.from(value.bytes).toString('hex')}`;
    return String(value);
  };
}

/** An object with these members, whatever their names are. */
export function named(entries: readonly (readonly [string, JsonValue])[]): Record<string, JsonValue> {
  const members: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
  for (const [name, value] of entries) members[name] = value;
  return members;
}

/** `2026-11-20 21:00:00.5` as `2026-11-20T21:00:00.500Z`; what is no such time (infinity, before Christ) as DuckDB writes it. */
function timeText(value: DuckDBTimestampValue | DuckDBTimestampTZValue): string {
  const { micros } = value;
  const ms = Number(micros / 1000n) - (micros % 1000n < 0n ? 1 : 0);
  const rest = Number(((micros % 1000n) + 1000n) % 1000n);
  const date = new Date(ms);
  const year = Number.isNaN(date.getTime()) ? Number.NaN : date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return String(value);
  const text = date.toISOString();
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}
