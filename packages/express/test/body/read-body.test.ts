import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { readBody } from '../../src/body/read-body.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
import { fakeRequest } from '../support/fake-request.ts';

function bodyOf(chunks: readonly string[], length?: string): IncomingMessage {
  const req = fakeRequest(length === undefined ? [] : [['Content-Length', length]]);
  for (const chunk of chunks) req.push(Buffer.from(chunk));
  return req;
}

function ended(req: IncomingMessage): IncomingMessage {
  req.push(null);
  req.complete = true;
  return req;
}

describe('readBody', () => {
  it.each([
    ['one chunk', ['hello']],
    ['several chunks', ['he', 'l', 'lo']],
  ])('gives the bytes of %s', async (_name, chunks) => {
    expect(Buffer.from(await readBody(ended(bodyOf(chunks)), 5)).toString()).toBe('hello');
  });

  it('gives an empty body', async () => {
    expect(await readBody(ended(bodyOf([])), 5)).toHaveLength(0);
  });

  it('refuses a body whose declared length is too large without reading it', async () => {
    const req = bodyOf(['hello'], '6');
    await expectRefusal(() => readBody(req, 5), 'too_large');
    expect(req.readableFlowing).toBeNull();
  });

  it('refuses a body with the first byte too many and reads no further', async () => {
    const req = bodyOf(['hello', '!', 'more']);
    await expectRefusal(() => readBody(req, 5), 'too_large');
    expect(req.isPaused()).toBe(true);
    expect(req.listenerCount('data')).toBe(0);
  });

  it('refuses a body whose client goes away', async () => {
    const req = bodyOf(['he']);
    const reading = expectRefusal(() => readBody(req, 5), 'body_incomplete');
    req.destroy();
    await reading;
  });

  it('leaves no listener behind', async () => {
    const req = ended(bodyOf(['hello']));
    const before = req.eventNames();
    await readBody(req, 5);
    expect(req.eventNames()).toEqual(before);
  });
});
