import type { IncomingMessage, ServerResponse } from 'node:http';
import { freezeJson, parseStrictJson, readMessage, Refusal } from '@sallyport/core';
import { readBody } from '../body/read-body.ts';
import { requireJsonContent } from '../body/content-type.ts';
import type { Passage } from '../passage/passage.ts';
import type { Station } from '../passage/station.ts';
import { takeContinue } from '../server/guard-server.ts';

/** What an anonymous caller may send at most. */
const anonymousBodyBytes = 64 * 1024;

/** Station 6: reads the body, once, and parses it, once; from here on everybody sees the same frozen object. */
export const readCallStation: Station = {
  name: 'readCall',
  run(passage, req, res) {
    if (req.method !== 'POST') return undefined;
    requireJsonContent(req);
    const upstream = parsedUpstream(req);
    if (upstream !== undefined) {
      takeUpstream(passage, upstream);
      return undefined;
    }
    return readOwn(passage, req, res);
  },
};

async function readOwn(passage: Passage, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { bodyBytes, jsonDepth } = passage.runtime.config.limits;
  const maxBytes = passage.principal === null ? Math.min(bodyBytes, anonymousBodyBytes) : bodyBytes;
  passage.bodyBytes = await readBody(req, maxBytes, () => {
    if (takeContinue(req)) res.writeContinue();
  });
  passage.body = parseStrictJson(passage.bodyBytes, { jsonDepth });
  passage.message = readMessage(passage.body);
}

/** Behind `express.json()` the body is taken as parsed. Bytes, duplicate keys and encoding can no longer be checked. */
function takeUpstream(passage: Passage, value: unknown): void {
  const { runtime } = passage;
  runtime.noteUpstreamParser();
  passage.body = freezeJson(value, { jsonDepth: runtime.config.limits.jsonDepth });
  passage.message = readMessage(passage.body);
}

function parsedUpstream(req: IncomingMessage & { body?: unknown }): unknown {
  if (!req.readableEnded) return undefined;
  if (req.body === undefined) throw new Refusal('body_incomplete', { detail: 'the body was read before the guard' });
  return req.body;
}
