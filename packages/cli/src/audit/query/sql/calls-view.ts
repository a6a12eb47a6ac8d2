import { recordColumns } from '../../columns/record-columns.ts';

/**
 * A decision, or another record that begins something or stands for refusals, with what the record that ends it says of it. A call that is
 * answered with a stream is two rows: the call and its stream have the same id, and different ends.
 */
export const callsView: string = `CREATE VIEW calls AS SELECT ${recordColumns
  .map(({ name, ofEnd }) => (ofEnd === true ? `coalesce(e."${name}", b."${name}") AS "${name}"` : `b."${name}"`))
  .join(', ')}
FROM records b LEFT JOIN records e
  ON e."call" = b."call" AND e.stream = b.stream
  AND e."type" = CASE b."type" WHEN 'mcp.decision' THEN 'mcp.outcome' WHEN 'stream.opened' THEN 'stream.closed' END
WHERE b."type" IN ('mcp.decision', 'stream.opened', 'auth.failure', 'request.refused', 'audit.aggregated')`;
