import { startDevIdp, type DevIdp, type MintTokenOptions } from '@sallyport/dev-idp';
import { expect } from 'vitest';
import type { AuditRecord } from '@sallyport/core';
import { createCanary } from './canary.ts';
import { expectOneRecord, expectRefusal, type ExpectRefusalOptions } from './expect-refusal.ts';
import { logLines } from './log-lines.ts';
import { legacy, modern, send, type Answer, type HeaderValue, type SendOptions } from './mcp-request.ts';
import type { RefusalReason } from './refusal-contract.ts';
import { startTarget, type Target } from './target.ts';

export type Era = 'modern' | 'legacy';

/** One request as a row of a table: what differs from a good call of `echo`. */
export interface Call {
  /** Method and parameters of the message. */
  readonly rpc?: readonly [string, Record<string, unknown>?];
  /** Default: a good token. `null`: none. */
  readonly token?: string | null;
  /** A function is asked for every request: a proof is used once. */
  readonly headers?: Record<string, HeaderValue> | (() => Record<string, HeaderValue>);
  /** Instead of the message. */
  readonly body?: string | Uint8Array;
  /** HTTP method. */
  readonly method?: string;
  /** The request target on the wire. */
  readonly target?: string;
  /** Default: both. */
  readonly eras?: readonly Era[];
}

/** A call, or how to make it when the guard runs. */
export type CallOf = Call | ((guard: Guard) => Call | Promise<Call>);

/** The headers of a call, whether given or made for each request. */
export function headersOf({ headers }: Call): Record<string, HeaderValue> {
  return (typeof headers === 'function' ? headers() : headers) ?? {};
}

export interface Sent {
  readonly answer: Answer;
  readonly id: string;
  /** What finds the records of this request. */
  readonly userAgent: string;
  readonly era: Era;
}

/** A running target with its IdP, and the checks every row of a table makes. */
export interface Guard {
  readonly target: Target;
  readonly idp: DevIdp;
  /** A token that may call `echo` and read notes. */
  readonly good: string;
  /** Mints a token; the canary watches it. */
  token(options?: MintTokenOptions): Promise<string>;
  /** Remembers a secret that must be seen nowhere, and gives it back. */
  watch(secret: string): string;
  /** A user agent that no other request has. */
  userAgent(): string;
  /** Sends one request and listens for secrets in its answer. */
  send(call: Call, era?: Era, accept?: string): Promise<Sent>;
  /** Sends a call in every variant and checks that each is refused for this reason, runs nothing and leaves one record. */
  expectRefused(reason: RefusalReason, call: CallOf, options?: ExpectRefusalOptions): Promise<AuditRecord[]>;
  /** Sends a call in both eras and checks that each ran once. */
  expectAnswered(call: CallOf): Promise<Sent[]>;
  /** Checks that the process still answers, which also proves that every earlier record is on disk. */
  expectNextAnswered(): Promise<void>;
  /** No secret anywhere, one record for every request, no warning of the runtime. */
  expectClean(): Promise<void>;
  close(): Promise<void>;
}

const accepts = ['application/json', 'text/event-stream'];
const anyAnswer = 'application/json, text/event-stream';

export interface OpenGuardOptions {
  readonly config?: Record<string, unknown>;
  /** The list of issuers, when the dev IdP is not the only one. */
  readonly issuers?: (idp: DevIdp) => readonly unknown[];
  /** Further environment of the target. */
  readonly env?: Record<string, string>;
  /** What a good call is, where a bearer token is not enough. */
  readonly goodCall?: CallOf;
}

export async function openGuard(options: OpenGuardOptions = {}): Promise<Guard> {
  const idp = await startDevIdp({ quiet: true });
  const config = { ...options.config, ...(options.issuers && { issuers: options.issuers(idp) }) };
  const target = await startTarget({ issuer: idp.issuer, config, ...(options.env && { env: options.env }) });
  const canary = createCanary();
  const mint = async (wanted: MintTokenOptions = {}): Promise<string> => canary.watch(await idp.mintToken(wanted));
  const good = await mint({ subject: 'good', scopes: ['echo:call', 'notes:read'] });
  const userAgents = new Set<string>();
  const pace = createPace();

  const guard: Guard = {
    target,
    idp,
    good,
    token: mint,
    watch: canary.watch,
    userAgent() {
      const name = `e2e/${userAgents.size + 1}`;
      userAgents.add(name);
      return name;
    },
    async send(call, era = 'modern', accept = anyAnswer) {
      const userAgent = guard.userAgent();
      const id = `id-${userAgent.slice(4)}`;
      const answer = await send(target.url, request(call, era, { id, good, accept, userAgent }));
      canary.heard(`${JSON.stringify(answer.headers)}\n${answer.text}`);
      return { answer, id, userAgent, era };
    },
    async expectRefused(reason, given, expected) {
      const call = typeof given === 'function' ? await given(guard) : given;
      const before = target.effects().length;
      const sent: Sent[] = [];
      for (const era of call.eras ?? ['modern', 'legacy']) {
        for (const accept of accepts) {
          await pace(reason);
          sent.push(await guard.send(call, era, accept));
        }
      }
      for (const { answer, id } of sent) expectRefusal(answer, reason, id, expected);
      await guard.expectNextAnswered();
      expect(target.effects()).toHaveLength(before + 1);
      const records = target.records();
      return sent.map(({ userAgent }) => expectOneRecord(records, userAgent, reason, expected));
    },
    async expectAnswered(given) {
      const call = typeof given === 'function' ? await given(guard) : given;
      const sent: Sent[] = [];
      for (const era of call.eras ?? ['modern', 'legacy']) {
        const before = target.effects().length;
        const one = await guard.send(call, era);
        expect({ status: one.answer.status, text: one.answer.text }).toMatchObject({ status: 200 });
        expect(target.effects()).toHaveLength(before + 1);
        // An answer to one caller is for no shared cache (RFC 6750 §5.3).
        expect(one.answer.headers['cache-control']).toMatch(/no-store|no-cache|private/);
        sent.push(one);
      }
      return sent;
    },
    async expectNextAnswered() {
      const goodCall = options.goodCall ?? {};
      const call = typeof goodCall === 'function' ? await goodCall(guard) : goodCall;
      const { answer } = await guard.send(call, 'modern', accepts[0]);
      expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
      expect(answer.json?.result).toMatchObject({ content: [{ type: 'text', text: 'hello' }] });
    },
    async expectClean() {
      await guard.expectNextAnswered();
      canary.expectNothingLeaked(target);
      const records = target.records();
      const ended = records.filter(({ decision }) => decision !== undefined);
      expect(records.filter(({ type }) => type === 'audit.aggregated')).toEqual([]);
      expect(new Set(ended.map(({ call }) => call)).size).toBe(ended.length);
      expect(target.stderr()).not.toMatch(/\(node:\d+\)|unhandled|"level":[56]0/);
      logLines(target.stderr());
    },
    async close() {
      await target.remove();
      await idp.close();
    },
  };
  return guard;
}

/**
 * Waits while as many refusals of one reason as are recorded one by one were caused in the last second: of anonymous ones
 * beyond 100 a second the log keeps a count only, and these tests look at each. The rest is for what they send besides.
 */
function createPace(): (reason: string) => Promise<void> {
  const times = new Map<string, number[]>();
  return async (reason) => {
    const recent = (times.get(reason) ?? []).filter((time) => time > Date.now() - 1_100);
    if (recent.length >= 70)
      await new Promise((resolve) => setTimeout(resolve, 1_100 - (Date.now() - (recent[0] ?? 0))));
    times.set(reason, [...recent, Date.now()]);
  };
}

interface Facts {
  readonly id: string;
  readonly good: string;
  readonly accept: string | undefined;
  readonly userAgent: string;
}

function request(call: Call, era: Era, { id, good, accept, userAgent }: Facts): SendOptions {
  const [method, params] = call.rpc ?? ['tools/call', { name: 'echo', arguments: { text: 'hello' } }];
  const token = call.token === undefined ? good : (call.token ?? undefined);
  const made = (era === 'modern' ? modern : legacy)(method, params ?? {}, {
    id,
    ...(token !== undefined && { token }),
  });
  return {
    headers: {
      ...made.headers,
      accept,
      'user-agent': userAgent,
      ...headersOf(call),
    },
    body: call.body ?? made.body,
    ...(call.method !== undefined && { method: call.method }),
    ...(call.target !== undefined && { target: call.target }),
  };
}
