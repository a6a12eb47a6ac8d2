import type { ServerResponse } from 'node:http';
import { createMemoryAuditLog, Refusal, type AuditEntry, type AuditLog, type RevocationList } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mount } from '../../src/index.ts';
import { json, ok } from '../support/call-handler.ts';
import { openGuarded, type Guarded } from '../support/guarded.ts';
import { legacy, modern, send, type Answer } from '../support/http.ts';
import { until } from '../support/until.ts';

/** A promise that somebody else keeps. */
interface Held<T> {
  readonly promise: Promise<T>;
  readonly settle: (value: T) => void;
  readonly reject: (error: unknown) => void;
  asked: boolean;
}

function hold<T>(): Held<T> {
  const held: Partial<Held<T>> = { asked: false };
  const promise = new Promise<T>((settle, reject) => Object.assign(held, { settle, reject }));
  return Object.assign(held, { promise }) as Held<T>;
}

let guarded: Guarded;
let url: string;
let ran = 0;
let revoked: Held<boolean> | undefined;
let durable: Held<void> | undefined;

const revocations: RevocationList = {
  revoke: () => undefined,
  isRevoked() {
    if (revoked === undefined) return false;
    revoked.asked = true;
    return revoked.promise;
  },
};

function heldLog(): AuditLog {
  const memory = createMemoryAuditLog();
  return {
    ...memory,
    async append(entry: AuditEntry) {
      if (durable !== undefined && entry.type === 'mcp.decision') {
        durable.asked = true;
        await durable.promise;
      }
      await memory.append(entry);
    },
  };
}

beforeEach(async () => {
  ran = 0;
  revoked = undefined;
  durable = undefined;
  guarded = await openGuarded({ revocations, audit: heldLog() });
  url = await guarded.serveHandler(
    mount((_req, res: ServerResponse) => {
      ran += 1;
      res.writeHead(200, json).end(ok);
    }),
  );
});
afterEach(() => guarded.close());

const eras = [
  ['modern', modern],
  ['2025-era', legacy],
] as const;

/** Lets everything run that does not wait for us. */
async function settleEverythingElse(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(eras)('a %s call', (_era, make) => {
  async function call(): Promise<Answer> {
    return send(url, make(await guarded.token([]), 'tools/call', { name: 'whoami', arguments: {} }));
  }

  // @verifies WALK-09-DURABLE-FIRST
  it('does not run while nobody knows whether its token is revoked (F-101)', async () => {
    revoked = hold();
    const answering = call();
    await until(() => revoked?.asked === true, 'it is asked');
    await settleEverythingElse();
    expect(ran).toBe(0);
    revoked.settle(true);
    expect((await answering).status).toBe(401);
    expect(ran).toBe(0);
  });

  // @verifies WALK-09-DURABLE-FIRST
  it('does not run while its decision is not durable, and runs once when it is (F-101)', async () => {
    durable = hold();
    const answering = call();
    await until(() => durable?.asked === true, 'the decision is being written');
    await settleEverythingElse();
    expect(ran).toBe(0);
    durable.settle();
    expect((await answering).status).toBe(200);
    expect(ran).toBe(1);
  });

  // @verifies WALK-09-STRICT
  it('does not run when its decision never becomes durable (F-101)', async () => {
    durable = hold();
    const answering = call();
    await until(() => durable?.asked === true, 'the decision is being written');
    durable.reject(new Refusal('audit_unavailable'));
    expect((await answering).status).toBe(503);
    await settleEverythingElse();
    expect(ran).toBe(0);
  });
});
