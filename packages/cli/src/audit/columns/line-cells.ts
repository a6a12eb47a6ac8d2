import type { FieldPath } from '@sallyport/audit';
import { recordColumns } from './record-columns.ts';

const paths: FieldPath[] = [];
/** Where the values of all columns stand. */
export const rowFields: readonly FieldPath[] = paths;

/** The place of a path; the same for all cells that need it. */
function slot(...path: FieldPath): number {
  const known = paths.findIndex(([name, member]) => name === path[0] && member === path[1]);
  return known === -1 ? paths.push(path) - 1 : known;
}

/** How a column is made of values. */
export type Cell =
  | { readonly kind: 'text'; readonly slot: number; readonly otherwise?: number }
  | {
      readonly kind: 'number';
      readonly slot: number;
      readonly otherwise?: number;
      readonly most: number;
      readonly whole: boolean;
    }
  | { readonly kind: 'list' | 'enforced' | 'tool'; readonly slot: number; readonly other: number }
  | { readonly kind: 'count'; readonly slot: number };

const of = (...path: FieldPath): Cell => ({ kind: 'text', slot: slot(...path) });
const list = (...path: FieldPath): Cell => ({ kind: 'list', slot: slot(...path), other: -1 });
const revoked = (name: string): Cell => ({
  kind: 'text',
  slot: slot('actor', name),
  otherwise: slot('revocation', name),
});
const whole = (most: number, ...path: FieldPath): Cell => ({ kind: 'number', slot: slot(...path), most, whole: true });

/** The columns of `recordColumns`, from bytes. */
const cells: ReadonlyMap<string, Cell> = new Map<string, Cell>([
  ['id', of('id')],
  ['type', of('type')],
  ['time', of('at')],
  ['stream', of('stream')],
  ['seq', whole(15, 'seq')],
  ['call', of('call')],
  ['issuer', revoked('iss')],
  ['subject', revoked('sub')],
  ['client_id', of('actor', 'clientId')],
  ['tenant', of('actor', 'tenant')],
  ['method', of('mcp', 'method')],
  ['tool', { kind: 'tool', slot: slot('target', 'name'), other: slot('target', 'kind') }],
  ['target_kind', of('target', 'kind')],
  ['target', of('target', 'name')],
  ['effect', of('decision', 'effect')],
  ['enforced', { kind: 'enforced', slot: slot('decision', 'effect'), other: slot('decision', 'enforced') }],
  ['reason', of('decision', 'reason')],
  ['rule', of('decision', 'rule')],
  ['policy', of('decision', 'policy')],
  ['scopes', list('token', 'scopes')],
  ['required_scopes', list('decision', 'requiredScopes')],
  ['missing_scopes', list('decision', 'missingScopes')],
  ['outcome', of('outcome', 'status')],
  [
    'http_status',
    {
      kind: 'number',
      slot: slot('outcome', 'httpStatus'),
      otherwise: slot('decision', 'httpStatus'),
      most: 9,
      whole: true,
    },
  ],
  ['duration_ms', { kind: 'number', slot: slot('outcome', 'durationMs'), most: 20, whole: false }],
  ['bytes', whole(15, 'outcome', 'bytes')],
  ['ip', of('source', 'ip')],
  ['user_agent', of('source', 'userAgent')],
  ['trace_id', of('trace', 'traceId')],
  ['count', { kind: 'count', slot: slot('type') }],
]);

/** In the order of the columns. A column that is not above would be a mistake of this file. */
export const orderedCells: readonly Cell[] = recordColumns.map(({ name }) => {
  const cell = cells.get(name);
  if (cell === undefined) throw new Error(`the column ${name} can not be made from bytes`);
  return cell;
});
