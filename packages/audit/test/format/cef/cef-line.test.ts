import type { AuditRecord } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cefHeaderField, cefValue } from '../../../src/format/cef/cef-escape.ts';
import { cefLine } from '../../../src/format/cef/cef-line.ts';
import { parseCef, type CefEvent } from '../../support/parse-cef.ts';
import { allowed, auditRecord, calls, denied, observed, outcome } from '../../support/story.ts';

const record = (fields: object, seq = 1): AuditRecord => auditRecord({ seq, ...fields }) as unknown as AuditRecord;
const parsed = (fields: object, end?: object): CefEvent => parseCef(cefLine(record(fields), end && record(end, 2)));
const extensionOf = (fields: object, end?: object): Record<string, string> =>
  Object.fromEntries(parsed(fields, end).extension);

describe('a line of CEF', () => {
  it('is what the specification shows', () => {
    expect(cefHeaderField('detected a | in message')).toBe('detected a \\| in message');
    expect(cefHeaderField('detected a \\ in packet')).toBe('detected a \\\\ in packet');
    expect(cefValue('detected a = in message', 1023)).toBe('detected a \\= in message');
    expect(cefValue('Detected a threat.\nNo action needed', 1023)).toBe('Detected a threat.\\nNo action needed');
    expect(cefValue('blocked a |', 1023)).toBe('blocked a |');
  });

  it('holds a call with its outcome', () => {
    const line = cefLine(record(allowed(calls.read, 'alice', 'read-note')), record(outcome(calls.read), 2));
    const { extension, ...header } = parseCef(line);
    expect(header).toEqual({
      version: '0',
      vendor: 'Sallyport',
      product: 'Sallyport',
      deviceVersion: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      eventClassId: 'mcp.decision',
      name: 'MCP call allowed',
      severity: 1,
    });
    expect(Object.fromEntries(extension)).toEqual({
      rt: '1795208401000',
      start: '1795208401000',
      end: '1795208402000',
      externalId: record({}).id,
      deviceExternalId: 'pod-a',
      app: 'MCP',
      act: 'allow',
      outcome: 'success',
      reason: 'ok',
      suser: 'alice',
      src: '192.0.2.7',
      requestMethod: 'tools/call',
      requestClientApplication: 'notes/1.0',
      out: '180',
      msg: 'tools/call read-note by alice: allowed, ok',
      cs1: 'read-note',
      cs1Label: 'target',
      cs2: 'tools.read-note',
      cs2Label: 'rule',
      cs3: 'notes:read',
      cs3Label: 'requiredScopes',
      cs4: 'notes-app',
      cs4Label: 'clientId',
      cs5: calls.read,
      cs5Label: 'call',
      cs6: 'https://login.example.com',
      cs6Label: 'issuer',
      cn1: '1',
      cn1Label: 'seq',
      cn2: '200',
      cn2Label: 'httpStatus',
      cn3: '3',
      cn3Label: 'durationMs',
      flexString1: '0af7651916cd43dd8448eb211c80319c',
      flexString1Label: 'traceId',
    });
  });

  it('says by its severity what needs a look', () => {
    const severities = [
      parsed(allowed(calls.read, 'alice', 'read-note')),
      parsed(outcome(calls.read, 'tool_error')),
      parsed(observed(calls.write, 'bob', 'write-note')),
      parsed(denied(calls.write, 'bob', 'write-note')),
      parsed({ type: 'auth.failure', decision: { effect: 'deny', reason: 'expired' } }),
      parsed({ type: 'audit.gap', detail: { lost: 3 } }),
    ].map(({ severity }) => severity);
    expect(severities).toEqual([1, 4, 3, 5, 5, 9]);
  });

  it('has an IPv6 address where CEF has a place for it, and counted refusals their network', () => {
    expect(extensionOf({ ...denied(calls.write, 'bob', 'x'), source: { ip: '2001:db8::7' } })).toMatchObject({
      c6a2: '2001:db8::7',
      c6a2Label: 'sourceIPv6Address',
    });
    const detail = { of: 'auth.failure', network: '198.51.100.0/24', count: 900 };
    expect(extensionOf({ type: 'audit.aggregated', detail })).toMatchObject({ shost: '198.51.100.0/24', cnt: '900' });
  });

  it('can not be broken by what a caller writes', () => {
    const evil = 'x|y\\ act=allow suser=root\r\nCEF:0|a|b|c|d|e|9|msg=\\=\\';
    const facts = extensionOf({
      ...denied(calls.write, evil, evil),
      source: { ip: evil, userAgent: evil },
      mcp: { method: evil },
    });
    expect(facts).toMatchObject({ act: 'deny', suser: evil, cs1: evil, requestMethod: evil, shost: evil });
  });
});

it('whatever a record was changed into, its line is CEF and its texts read back', () => {
  const types = fc.constantFrom(
    'mcp.decision',
    'mcp.outcome',
    'auth.failure',
    'audit.aggregated',
    'audit.gap',
    'a|b\n',
  );
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const any = fc.option(fc.jsonValue(), { nil: undefined });
  const fields = fc.record({
    source: any,
    mcp: any,
    target: any,
    decision: any,
    outcome: any,
    detail: any,
    trace: any,
  });
  fc.assert(
    fc.property(types, fields, text, fc.boolean(), (type, rest, sub, ended) => {
      const one = record({ ...rest, type, actor: { sub } });
      const { extension } = parseCef(cefLine(one, ended ? record({ outcome: rest.detail }, 2) : undefined));
      const readable = sub.trim().replace(/(?![\r\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
      expect(extension.get('suser') ?? '').toBe(readable);
    }),
  );
});
