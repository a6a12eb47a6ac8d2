import type { RowName } from '../plan/row.ts';
import type { RowOptions } from '../rows/row-server.ts';

/** What a server process is told when it starts. */
export interface ServerOrder extends RowOptions {
  readonly row: RowName;
}

/** What a server process says: where it listens, once, and how much processor time it has used, when asked. */
export type ServerMessage =
  | { readonly type: 'ready'; readonly origin: string }
  | { readonly type: 'usage'; readonly cpuMicros: number };

export type ServerRequest = { readonly type: 'usage' } | { readonly type: 'stop' };
