import { startDevIdp } from '@sallyport/dev-idp';
import { expect } from 'vitest';
import { legacy, send, type SendOptions } from './mcp-request.ts';
import { startTarget, type Target } from './target.ts';

const scopes = ['notes:write', 'echo:call', 'config:read'];

/** Who calls in these tests. The first two are one principal. */
const callers = {
  alice: { subject: 'alice', clientId: 'app', scopes },
  'alice with fewer scopes': { subject: 'alice', clientId: 'app', scopes: ['notes:read'] },
  'alice with another client': { subject: 'alice', clientId: 'other', scopes },
  bob: { subject: 'bob', clientId: 'app', scopes },
};

export type Caller = keyof typeof callers;

/** A target with a sessionful handler behind the guard, and requests on its sessions. */
export interface Sessions {
  readonly target: Target;
  /** Every session id there was: none may be in a record or in the log. */
  readonly ids: readonly string[];
  token(who: Caller): string;
  /** Opens a session; `chosen` is an id the client would like. */
  open(who: Caller, chosen?: string): Promise<string>;
  post(who: Caller, session: string | undefined, method: string, params?: object): ReturnType<typeof legacy>;
  call(who: Caller, session: string | undefined, name: string, args?: object): SendOptions;
  /** GET or DELETE. */
  bare(who: Caller, session: string | undefined, method: string): SendOptions;
  /** A body of any kind, posted. */
  raw(who: Caller, session: string | undefined, body: string): SendOptions;
  close(): Promise<void>;
}

export async function openSessions(): Promise<Sessions> {
  const idp = await startDevIdp({ quiet: true });
  const target = await startTarget({ issuer: idp.issuer, config: { legacy: 'handler' } });
  const tokens = new Map<string, string>();
  for (const [who, wanted] of Object.entries(callers)) tokens.set(who, await idp.mintToken(wanted));
  const ids: string[] = [];

  const sessions: Sessions = {
    target,
    ids,
    token: (who) => tokens.get(who) ?? '',
    async open(who, chosen) {
      const clientInfo = { name: 'e2e', version: '1' };
      const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
      const answer = await send(target.url, sessions.post(who, chosen, 'initialize', params));
      expect(answer.status).toBe(200);
      const session = String(answer.headers['mcp-session-id']);
      ids.push(session);
      const ready = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
      expect((await send(target.url, sessions.raw(who, session, ready))).status).toBe(202);
      return session;
    },
    post(who, session, method, params = {}) {
      const headers = { 'mcp-session-id': session };
      return legacy(method, params as Record<string, unknown>, { token: sessions.token(who), headers });
    },
    call: (who, session, name, args = {}) => sessions.post(who, session, 'tools/call', { name, arguments: args }),
    bare(who, session, method) {
      const { headers } = sessions.post(who, session, 'ping');
      return { method, headers: { ...headers, accept: 'text/event-stream', 'content-type': undefined } };
    },
    raw: (who, session, body) => ({ headers: sessions.post(who, session, 'ping').headers, body }),
    async close() {
      await target.remove();
      await idp.close();
    },
  };
  return sessions;
}
