import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { serverKey, type Cell } from '../plan/cell.ts';
import type { Issuer } from '../tokens/issuer.ts';
import type { ServerMessage, ServerOrder } from '../server/protocol.ts';
import { startChild, type Child } from './start-child.ts';

/** The server of a cell: listening, and otherwise idle while another is measured. */
export interface RunningServer {
  readonly origin: string;
  /** Processor time used since the start of the process. */
  cpuMicros(): Promise<number>;
}

export interface Servers {
  of(cell: Cell): RunningServer;
  stop(): Promise<void>;
}

export interface StartServersOptions {
  readonly cells: readonly Cell[];
  readonly issuer: Issuer;
  /** Each server gets a folder in it. */
  readonly directory: string;
  readonly pinning: readonly string[];
}

/** Starts a process for each server that the cells need. All of them stay up: rounds go around them. */
export async function startServers(options: StartServersOptions): Promise<Servers> {
  const children: Child[] = [];
  const running = new Map<string, RunningServer>();
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop({ type: 'stop' })));
  };
  try {
    for (const cell of options.cells) {
      const key = serverKey(cell);
      if (running.has(key)) continue;
      const directory = join(options.directory, key.replace('/', '-'));
      await mkdir(directory, { recursive: true });
      const { issuer, jwksUri } = options.issuer;
      const order: ServerOrder = { row: cell.row, tools: cell.tools, issuer, jwksUri, directory };
      const child = startChild('../server/main.js', [JSON.stringify(order)], options.pinning);
      children.push(child);
      const ready = await child.next<Extract<ServerMessage, { type: 'ready' }>>();
      running.set(key, {
        origin: ready.origin,
        cpuMicros: async () =>
          (await child.ask<Extract<ServerMessage, { type: 'usage' }>>({ type: 'usage' })).cpuMicros,
      });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    stop,
    of(cell) {
      const server = running.get(serverKey(cell));
      if (server === undefined) throw new Error(`no server for ${serverKey(cell)}`);
      return server;
    },
  };
}
