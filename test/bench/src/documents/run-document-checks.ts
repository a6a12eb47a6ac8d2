import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Pinning } from '../machine/pinning.ts';
import { startChild, type Child } from '../processes/start-child.ts';
import type { ServerMessage, ServerOrder } from '../server/protocol.ts';
import { startIssuer } from '../tokens/issuer.ts';
import { createSigningKey } from '../tokens/signing-key.ts';
import type { DocumentServer } from './document-case.ts';
import { measureDocuments, type DocumentMeasurement, type ServedDocument } from './measure-documents.ts';
import type { StaticOrder } from './protocol.ts';

export interface RunDocumentChecksOptions {
  readonly rounds: number;
  readonly roundMs: number;
  readonly connections: number;
  /** For the audit log of the server. */
  readonly directory: string;
  readonly pinning: Pinning;
  /** Told what happens, for people who wait. */
  say(text: string): void;
}

/** As many tools as the card of a common server has. */
export const documentTools = 14;

const path = '/mcp/server-card';

/** What it costs to ask for the published card, next to the same bytes from a route of Express. */
export async function runDocumentChecks(options: RunDocumentChecksOptions): Promise<readonly DocumentMeasurement[]> {
  const { pinning } = options;
  const issuer = await startIssuer(createSigningKey().jwks);
  const children: Child[] = [];
  const start = async (program: string, order: object): Promise<{ child: Child; origin: string }> => {
    const child = startChild(program, [JSON.stringify(order)], pinning.server);
    children.push(child);
    const { origin } = await child.next<Extract<ServerMessage, { type: 'ready' }>>();
    return { child, origin };
  };
  try {
    const directory = join(options.directory, 'documents');
    await mkdir(directory, { recursive: true });
    const { issuer: name, jwksUri } = issuer;
    const order: ServerOrder = { row: 'sallyport', issuer: name, jwksUri, tools: documentTools, directory };
    const suite = await start('../server/main.js', order);
    const document = await fetchDocument(suite.origin);
    const copy: StaticOrder = { body: document.body.toString('base64'), contentType: document.contentType };
    const plain = await start('../documents/main.js', copy);
    const servers = new Map<DocumentServer, ServedDocument>([
      ['sallyport', await served(suite, path)],
      ['express', await served(plain, path)],
    ]);
    const load = startChild('../documents-load/main.js', [], pinning.load);
    try {
      return await measureDocuments(servers, load, options);
    } finally {
      await load.stop();
    }
  } finally {
    await Promise.all(children.map((child) => child.stop({ type: 'stop' })));
    await issuer.close();
  }
}

async function served({ child, origin }: { child: Child; origin: string }, at: string): Promise<ServedDocument> {
  const { etag, body } = await fetchDocument(origin);
  return {
    origin,
    path: at,
    etag,
    bytes: body.length,
    cpuMicros: async () => (await child.ask<Extract<ServerMessage, { type: 'usage' }>>({ type: 'usage' })).cpuMicros,
  };
}

async function fetchDocument(origin: string): Promise<{ body: Buffer; etag: string; contentType: string }> {
  const answer = await fetch(`${origin}${path}`);
  if (!answer.ok) throw new Error(`the card is answered with ${answer.status}`);
  const body = Buffer.from(await answer.arrayBuffer());
  return { body, etag: answer.headers.get('etag') ?? '', contentType: answer.headers.get('content-type') ?? '' };
}
