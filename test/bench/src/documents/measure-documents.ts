import type { Child } from '../processes/start-child.ts';
import { documentCases, documentServers, type DocumentCase, type DocumentServer } from './document-case.ts';
import type { DocumentOrder, DocumentResult } from './protocol.ts';

/** Where the document of a server is. */
export interface ServedDocument {
  readonly origin: string;
  readonly path: string;
  readonly etag: string;
  readonly bytes: number;
  /** Processor time used since the start of the process. */
  cpuMicros(): Promise<number>;
}

export interface DocumentRound {
  readonly callsPerSecond: number;
  readonly serverMicrosPerCall: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

/** One case of one server in all its rounds, or why it does not count. */
export interface DocumentMeasurement {
  readonly server: DocumentServer;
  readonly case: DocumentCase['name'];
  readonly connections: number;
  readonly rounds: readonly DocumentRound[];
  readonly void?: string;
}

export interface MeasureDocumentsOptions {
  readonly rounds: number;
  readonly roundMs: number;
  /** Besides one. */
  readonly connections: number;
  say(text: string): void;
}

/** Measures everything once in a round, and the rounds one after another; every second round goes backwards. A first one does not count. */
export async function measureDocuments(
  servers: ReadonlyMap<DocumentServer, ServedDocument>,
  load: Pick<Child, 'ask'>,
  { rounds, roundMs, connections, say }: MeasureDocumentsOptions,
): Promise<readonly DocumentMeasurement[]> {
  const plan = [...new Set([1, connections])].flatMap((count) =>
    documentCases.flatMap((one) => documentServers.map((server) => planned(server, one, count))),
  );
  for (let number = 0; number <= rounds; number += 1) {
    say(number === 0 ? 'card: warming up' : `card: round ${number} of ${rounds}`);
    for (const item of number % 2 === 0 ? plan : plan.toReversed()) {
      const served = servers.get(item.server);
      if (served === undefined || item.void !== undefined) continue;
      const before = await served.cpuMicros();
      const result = await load.ask<DocumentResult>(orderOf(served, item, roundMs));
      const cpu = (await served.cpuMicros()) - before;
      if (result.wrong !== undefined) item.void = result.wrong;
      else if (number > 0) item.rounds.push(roundOf(result, cpu));
    }
  }
  return plan.map(({ status: _status, ...measured }) => measured);
}

interface Planned {
  readonly server: DocumentServer;
  readonly case: DocumentCase['name'];
  readonly status: DocumentCase['status'];
  readonly connections: number;
  readonly rounds: DocumentRound[];
  void?: string;
}

function planned(server: DocumentServer, { name, status }: DocumentCase, connections: number): Planned {
  return { server, case: name, status, connections, rounds: [] };
}

function orderOf({ origin, path, etag, bytes }: ServedDocument, item: Planned, durationMs: number): DocumentOrder {
  const { status, connections } = item;
  const isWhole = status === 200;
  return {
    origin,
    path,
    status,
    connections,
    durationMs,
    bytes: isWhole ? bytes : 0,
    ...(isWhole ? {} : { etag }),
  };
}

function roundOf({ calls, elapsedMs, p50Micros, p99Micros }: DocumentResult, cpuMicros: number): DocumentRound {
  return { callsPerSecond: (calls / elapsedMs) * 1000, serverMicrosPerCall: cpuMicros / calls, p50Micros, p99Micros };
}
