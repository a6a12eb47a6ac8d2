/** A server that is measured. */
export type RowName = 'node-http' | 'express' | 'sdk' | 'official' | 'sallyport';

export interface Row {
  readonly name: RowName;
  readonly what: string;
  /** Whether it has MCP tools; the others answer the same bytes without looking at them. */
  readonly hasTools: boolean;
  /** Whether it refuses anybody. */
  readonly isGuarded: boolean;
}

export const rows: readonly Row[] = [
  { name: 'node-http', what: 'node:http, a fixed answer: the limit', hasTools: false, isGuarded: false },
  { name: 'express', what: 'Express 5, JSON body parsed, a fixed answer', hasTools: false, isGuarded: false },
  { name: 'sdk', what: 'createMcpHandler and toNodeHandler, nothing else', hasTools: true, isGuarded: false },
  {
    name: 'official',
    what: 'createMcpExpressApp, requireBearerAuth with jose and a remote key set, requireScopes, a pino line a call',
    hasTools: true,
    isGuarded: true,
  },
  { name: 'sallyport', what: 'the whole walk, audit log in mode strict', hasTools: true, isGuarded: true },
];
