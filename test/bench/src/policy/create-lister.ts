import { createAuthorizer, loadCard } from '@sallyport/card';
import type { JsonValue, TargetKind } from '@sallyport/core';
import { createMcpHandler } from '@modelcontextprotocol/server';

import { benchCard } from '../rows/bench-card.ts';
import { buildServer } from '../server/build-server.ts';
import { listedTools, protocolVersion, resource, shownTools, toolScope } from '../server/call.ts';
import { callerWith } from './create-decider.ts';
import type { ListName } from './protocol.ts';

/** Serves the list of all tools. */
export type Lister = (list: ListName) => Promise<Uint8Array>;

type FilterLists = (message: JsonValue, reader: object) => JsonValue;

const message = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/list',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': protocolVersion,
      'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
};

/** The SDK's handler over 1,000 tools, and the filter that the guard puts behind it. */
export async function createLister(): Promise<Lister> {
  const handler = createMcpHandler(() => buildServer({ tools: listedTools, requiresScopes: false }));
  const authorizer = createAuthorizer(await loadCard(benchCard(listedTools)));
  const principal = callerWith([toolScope]);
  const filterLists = await loadFilter();
  const reader = {
    shows: (kind: TargetKind, name: string | undefined, template: boolean) =>
      name !== undefined && authorizer.sees(principal, { kind, name }, template),
    describeTool: (_name: string, tool: object) => tool,
    seal: (cursor: string) => cursor,
  };
  const serve = async (): Promise<Uint8Array> => {
    const request = new Request(resource, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': protocolVersion,
        'mcp-method': message.method,
      },
    });
    const response = await handler.fetch(request, { parsedBody: message });
    return new Uint8Array(await response.arrayBuffer());
  };
  return async (list) => {
    const served = await serve();
    if (list === 'served') return served;
    const filtered = filterLists(JSON.parse(new TextDecoder().decode(served)) as JsonValue, reader);
    return Buffer.from(JSON.stringify(filtered));
  };
}

/** How many tools a list must hold. */
export const expectedTools: Readonly<Record<ListName, number>> = { served: listedTools, filtered: shownTools };

/** The filter of the guard's edge, which is not public: measured alone, without the walk around it. */
async function loadFilter(): Promise<FilterLists> {
  const express = import.meta.resolve('@sallyport/express');
  const edge = (await import(new URL('./edge/filter-lists.js', express).href)) as { filterLists: FilterLists };
  return edge.filterLists;
}
