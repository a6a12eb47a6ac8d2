import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCanary } from './support/canary.ts';
import { parseChallenge } from './support/parse-challenge.ts';
import type { Target } from './support/target.ts';

const secret = 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const [header = '', payload = '', signature = ''] = secret.split('.');

describe('the canary', () => {
  let auditDirectory = '';
  beforeAll(() => {
    auditDirectory = mkdtempSync(path.join(tmpdir(), 'sallyport-canary-'));
  });
  afterAll(() => rmSync(auditDirectory, { recursive: true }));

  /** A target that says something, somewhere. */
  function leaking(says: { log?: string; records?: string; answer?: string }): () => void {
    writeFileSync(path.join(auditDirectory, 'audit-target-0.jsonl'), says.records ?? '');
    const canary = createCanary();
    canary.watch(secret);
    canary.heard(says.answer ?? '{}');
    return () => canary.expectNothingLeaked({ auditDirectory, stderr: () => says.log ?? '' } as Target);
  }

  test('finds a token in records, log and answers', () => {
    expect(leaking({})).not.toThrow();
    expect(leaking({ records: `{"detail":"${secret}"}` })).toThrow('in the records');
    expect(leaking({ log: `Bearer ${secret}` })).toThrow('in the log');
    expect(leaking({ answer: secret })).toThrow('in the answers');
  });

  test.each([
    ['its header', header],
    ['its payload', payload],
    ['its signature', signature],
    ['its beginning', secret.slice(0, 24)],
    ['its spelling in Base64', Buffer.from(secret).toString('base64')],
    ['its spelling in hexadecimal', Buffer.from(signature).toString('hex')],
    ['its spelling in a URL', encodeURIComponent(secret)],
  ])('finds of a token %s', (_, part) => {
    expect(leaking({ log: `x${part}x` })).toThrow('in the log');
  });
});

describe('the parser of challenges', () => {
  test('reads one challenge', () => {
    expect(parseChallenge('Bearer error="a b", scope="x:y \\"z"')).toEqual({
      scheme: 'Bearer',
      params: { error: 'a b', scope: 'x:y "z' },
    });
  });

  test.each([
    'Bearer',
    'Bearer error=unquoted',
    'Bearer error="a" scope="b"',
    'Bearer error="a", error="b"',
    'Bearer error="a", Basic realm="x"',
    'Bearer error="a',
    'Bearer error="a"b"',
    'Bearer error="é"',
  ])('refuses %s', (field) => {
    expect(() => parseChallenge(field)).toThrow();
  });
});
