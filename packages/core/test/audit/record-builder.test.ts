import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/audit/audit-log.ts';
import type { AuditRecord } from '../../src/audit/audit-record.ts';
import { createKeyedHash } from '../../src/audit/keyed-hash.ts';
import { createRecordBuilder } from '../../src/audit/record-builder.ts';
import type { JsonValue } from '../../src/call/json.ts';
import type { Revocation } from '../../src/ports/revocation-list.ts';
import type { Principal } from '../../src/principal/principal.ts';
import { heldClock } from '../support/held-clock.ts';

const hash = createKeyedHash(Buffer.alloc(32, 7));
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ';

const principal: Principal = {
  issuer: 'https://as.example',
  subject: 'user-1',
  clientId: 'client-1',
  scopes: ['notes:read'],
  tenant: 'acme',
  groups: [],
  roles: [],
  actors: [{ issuer: 'https://as.example', subject: 'agent-1' }, { subject: 'agent-2' }],
  proof: 'jwt',
  tokenId: 'token-1',
  sessionId: null,
  issuedAt: null,
  expiresAt: 1_790_000_000,
  acr: null,
  amr: [],
  authTime: null,
};

function build(entry: AuditEntry, seq = 0): AuditRecord {
  const builder = createRecordBuilder({
    stream: 'pod-a',
    hash,
    clock: heldClock(),
    boot: 'boot-1',
    level: 'metadata',
    newId: () => 'id-1',
  });
  return builder.build(entry, seq);
}

describe('createRecordBuilder', () => {
  test('builds the record of an allowed call', () => {
    const record = build(
      {
        type: 'mcp.decision',
        call: 'call-1',
        principal,
        source: { ip: '192.0.2.1', userAgent: 'agent/1' },
        mcp: {
          method: 'tools/call',
          requestId: 1,
          protocolVersion: '2026-07-28',
          era: 'modern',
          client: 'inspector/1',
        },
        target: { kind: 'tool', name: 'transfer' },
        decision: {
          effect: 'allow',
          rule: 'tools.transfer',
          policy: 'sha256:00',
          requiredScopes: ['payments:write'],
          missingScopes: [],
        },
        arguments: { amount: 5, pin: '0000' },
        sensitive: ['/pin'],
        trace: { traceId: 't', spanId: 's' },
      },
      42,
    );
    expect(record).toEqual({
      v: 1,
      id: 'id-1',
      type: 'mcp.decision',
      at: '2026-11-20T21:00:00.000Z',
      monoNs: '1000',
      boot: 'boot-1',
      stream: 'pod-a',
      seq: 42,
      call: 'call-1',
      actor: {
        iss: 'https://as.example',
        sub: 'user-1',
        clientId: 'client-1',
        tenant: 'acme',
        act: [{ iss: 'https://as.example', sub: 'agent-1' }, { sub: 'agent-2' }],
        proof: 'jwt',
      },
      token: { jti: hash.hash('token-1', 'jti', 'https://as.example'), exp: 1_790_000_000, scopes: ['notes:read'] },
      source: { ip: '192.0.2.1', userAgent: 'agent/1' },
      mcp: { method: 'tools/call', requestId: 1, protocolVersion: '2026-07-28', era: 'modern', client: 'inspector/1' },
      target: { kind: 'tool', name: 'transfer' },
      decision: {
        effect: 'allow',
        rule: 'tools.transfer',
        policy: 'sha256:00',
        requiredScopes: ['payments:write'],
        missingScopes: [],
      },
      arguments: {
        amount: hash.hash('5', 'arguments', 'acme', 'tool', 'transfer', '/amount'),
        pin: hash.hash('"0000"', 'arguments', 'acme', 'tool', 'transfer', '/pin'),
      },
      redaction: { level: 'metadata', bytes: 25, hidden: ['/pin'] },
      trace: { traceId: 't', spanId: 's' },
    });
    expect(Object.isFrozen(record)).toBe(true);
  });

  test('writes nothing it was not given', () => {
    expect(Object.keys(build({ type: 'audit.stopped' }))).toEqual([
      'v',
      'id',
      'type',
      'at',
      'monoNs',
      'boot',
      'stream',
      'seq',
    ]);
  });

  test('knows a principal without client, tenant and token id', () => {
    const record = build({
      type: 'mcp.outcome',
      principal: { ...principal, clientId: null, tenant: null, tokenId: null, actors: [] },
    });
    expect(record.actor).toEqual({ iss: 'https://as.example', sub: 'user-1', clientId: null, act: [], proof: 'jwt' });
    expect(record.token).toEqual({ exp: 1_790_000_000, scopes: ['notes:read'] });
  });

  test('records arguments with a decision only', () => {
    for (const type of ['mcp.outcome', 'request.refused', 'auth.failure'] as const) {
      const record = build({ type, arguments: { text: 'x' }, level: 'full' });
      expect(record).not.toHaveProperty('arguments');
      expect(record).not.toHaveProperty('redaction');
    }
  });

  test('records the arguments of a denial like those of an allowed call', () => {
    const decision = { effect: 'deny', reason: 'insufficient_scope' } as const;
    const record = build({ type: 'mcp.decision', decision, arguments: { text: 'x' } });
    expect(record.arguments).toEqual({ text: expect.stringMatching(/^hmac-sha256:/) as string });
  });

  test('records a result with an outcome at level full only, redacted as arguments are', () => {
    const entry: AuditEntry = {
      type: 'mcp.outcome',
      call: 'call-1',
      principal,
      target: { kind: 'tool', name: 'transfer' },
      outcome: { status: 'ok' },
      result: { content: [{ type: 'text', text: 'Pin 4711 is wrong' }], structuredContent: { iban: 'DE1', name: 'A' } },
      sensitive: ['/iban'],
      concealed: ['4711'],
    };
    expect(build(entry)).not.toHaveProperty('result');
    expect(build({ ...entry, level: 'request' })).not.toHaveProperty('result');
    const domain = ['result', 'acme', 'tool', 'transfer'];
    expect(build({ ...entry, level: 'full' })).toMatchObject({
      result: {
        content: [{ type: 'text', text: hash.hash('"Pin 4711 is wrong"', ...domain, '/content/0/text') }],
        structuredContent: { iban: hash.hash('"DE1"', ...domain, '/structuredContent/iban'), name: 'A' },
      },
      redaction: { level: 'full', hidden: ['/content/0/text', '/structuredContent/iban'] },
    });
    expect(build({ ...entry, level: 'full', sensitive: [''] }).redaction?.hidden).toEqual(['']);
    expect(build({ ...entry, type: 'mcp.decision', level: 'full' })).not.toHaveProperty('result');
  });

  test('hashes equal arguments of two tenants differently', () => {
    const entry: AuditEntry = { type: 'mcp.decision', principal, arguments: { id: '1' } };
    const other = { ...principal, tenant: 'other' };
    expect(build(entry).arguments).not.toEqual(build({ ...entry, principal: other }).arguments);
  });

  test('follows the level of the entry before its own', () => {
    const record = build({ type: 'mcp.decision', arguments: { text: 'x' }, level: 'request' });
    expect(record.arguments).toEqual({ text: 'x' });
    expect(record.redaction?.level).toBe('request');
  });

  test('says so when arguments can not be recorded', () => {
    const record = build({ type: 'mcp.decision', arguments: { a: 1n } as unknown as JsonValue });
    expect(record).not.toHaveProperty('arguments');
    expect(record.redaction).toEqual({ level: 'metadata', bytes: 0, hidden: [''] });
  });

  test('leaves out a note that is not JSON', () => {
    expect(build({ type: 'request.refused', detail: 1n as unknown as JsonValue })).not.toHaveProperty('detail');
  });

  test('takes over outcome and refusal as they are', () => {
    const outcome = { status: 'ok', httpStatus: 200, durationMs: 3.1, bytes: 180 } as const;
    expect(build({ type: 'mcp.outcome', outcome }).outcome).toEqual(outcome);
    const decision = { effect: 'deny', reason: 'insufficient_scope', httpStatus: 403, missingScopes: ['a'] } as const;
    expect(build({ type: 'mcp.decision', decision }).decision).toEqual(decision);
  });

  test('bounds every text and keeps it well-formed', () => {
    const long = `${'long '.repeat(400)}\ud800`;
    const record = build({
      type: 'request.refused',
      call: long,
      principal: { ...principal, subject: long, issuer: long, scopes: Array.from({ length: 300 }, () => long) },
      source: { ip: long, userAgent: long },
      mcp: { method: long, requestId: long, protocolVersion: long, client: long },
      target: { kind: 'resource', name: long },
      decision: { effect: 'deny', rule: long, policy: long, requiredScopes: [long], missingScopes: [long] },
      detail: { note: long },
    });
    const text = JSON.stringify(record);
    expect(Buffer.from(text).toString()).toBe(text);
    expect(record.actor?.sub).toHaveLength(512);
    expect(record.source?.userAgent).toHaveLength(256);
    expect(record.target?.name).toHaveLength(512);
    expect(record.mcp?.requestId).toHaveLength(512);
    expect(record.token?.scopes).toHaveLength(257);
    expect(record.token?.scopes.at(-1)).toBe('… (300)');
    expect(record.mcp?.client).toHaveLength(128);
  });

  test('keeps long identities apart', () => {
    const subject = 'x'.repeat(600);
    const first = build({ type: 'mcp.outcome', principal: { ...principal, subject: `${subject}1` } });
    const second = build({ type: 'mcp.outcome', principal: { ...principal, subject: `${subject}2` } });
    expect(first.actor?.sub).not.toBe(second.actor?.sub);
  });

  test('lets no credential through, wherever a caller puts it', () => {
    const record = build({
      type: 'request.refused',
      source: { ip: '::1', userAgent: jwt },
      mcp: { method: jwt, requestId: jwt, client: `x/${jwt}` },
      target: { kind: 'tool', name: jwt },
      detail: { header: 'Mcp-Name', sent: [jwt], body: `Bearer ${jwt}`, [jwt]: 1, token: 'opaque' },
    });
    expect(JSON.stringify(record)).not.toMatch(/eyJ|opaque/);
  });

  test('stays one line, whatever a caller puts into its texts', () => {
    const forged = 'x\r\n{"type":"mcp.decision"}\u2028\u001b[31m';
    const record = build({ type: 'request.refused', target: { kind: 'tool', name: forged }, detail: forged });
    const line = JSON.stringify(record);
    expect(line.split(/[\r\n]/)).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ target: { name: forged }, detail: forged });
  });

  test('makes UUIDs that order by time, and one for the process', () => {
    const builder = createRecordBuilder({ stream: 's', hash, level: 'metadata' });
    const first = builder.build({ type: 'audit.started' }, 0);
    const second = builder.build({ type: 'audit.stopped' }, 1);
    expect(first.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first.id < second.id).toBe(true);
    expect(first.boot).toBe(builder.boot);
    expect(second.boot).toBe(builder.boot);
    expect(BigInt(second.monoNs)).toBeGreaterThanOrEqual(BigInt(first.monoNs));
  });

  test('records what was revoked: a jti as in the calls of its token, a session id as a hash, a subject as an actor', () => {
    const untilMs = Date.UTC(2026, 10, 27);
    const { issuer } = principal;
    const revocation = (entry: Revocation) =>
      build({ type: 'token.revoked', revocation: { entry, untilMs } }).revocation;
    const until = '2026-11-27T00:00:00.000Z';

    const jti = build({ type: 'auth.failure', principal }).token?.jti;
    expect(revocation({ kind: 'token', issuer, tokenId: 'token-1' })).toEqual({ iss: issuer, jti, until });
    expect(revocation({ kind: 'session', issuer, sessionId: 'session-1' })).toEqual({
      iss: issuer,
      sid: hash.hash('session-1', 'sid', issuer),
      until,
    });
    const subject: Revocation = { kind: 'subject', issuer, subject: 'user-1', issuedUpTo: 1_790_000_000 };
    expect(revocation(subject)).toEqual({ iss: issuer, sub: 'user-1', issuedUpTo: 1_790_000_000, until });
    expect(revocation({ ...subject, sessionlessOnly: true })).toMatchObject({ sessionlessOnly: true });
  });
});

describe('pseudonymised subjects', () => {
  const hashes = createKeyedHash(Buffer.alloc(32, 5));
  const actorOf = (changes: Partial<Principal>, pseudonymizeSubjects = true) =>
    createRecordBuilder({ stream: 's', hash: hashes, level: 'metadata', pseudonymizeSubjects }).build(
      { type: 'mcp.decision', principal: { ...principal, ...changes } },
      0,
    ).actor;

  // @verifies G-29
  test('stand for one subject of one issuer and tenant, and for nobody else', () => {
    const sub = actorOf({ subject: 'alice@acme.example' })?.sub;
    expect(sub).toMatch(/^hmac-sha256:k1:[\w-]{43}$/);
    expect(actorOf({ subject: 'alice@acme.example' })?.sub).toBe(sub);
    expect(actorOf({ subject: 'bob@acme.example' })?.sub).not.toBe(sub);
    expect(actorOf({ subject: 'alice@acme.example', tenant: 'other' })?.sub).not.toBe(sub);
    expect(actorOf({ subject: 'alice@acme.example', issuer: 'https://other.example' })?.sub).not.toBe(sub);
    expect(actorOf({ subject: 'alice@acme.example' }, false)?.sub).toBe('alice@acme.example');
  });

  test('hide those a caller acts for too, and those whose tokens are revoked', () => {
    const act = actorOf({ actors: [{ subject: 'agent@acme.example' }] })?.act;
    expect(act).toEqual([{ sub: expect.stringMatching(/^hmac-sha256:k1:/) as string }]);
    const { revocation } = createRecordBuilder({
      stream: 's',
      hash: hashes,
      level: 'metadata',
      pseudonymizeSubjects: true,
    }).build(
      {
        type: 'token.revoked',
        revocation: {
          entry: { kind: 'subject', issuer: principal.issuer, subject: 'alice@acme.example', issuedUpTo: 1 },
          untilMs: 1,
        },
      },
      0,
    );
    expect(JSON.stringify(revocation)).not.toContain('alice');
  });
});
