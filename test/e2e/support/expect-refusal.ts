import { expect } from 'vitest';
import type { AuditRecord } from '@sallyport/core';
import type { Answer } from './mcp-request.ts';
import { parseChallengeLines } from './parse-challenge.ts';
import { refusals, type RefusalContract, type RefusalReason } from './refusal-contract.ts';
import { resource } from './target.ts';

export interface ExpectRefusalOptions {
  /** Where this case differs from the contract of its reason. */
  readonly contract?: Partial<RefusalContract>;
  /** The id of the message, when the call has its own body. */
  readonly id?: string | number;
  /** Scopes of an `insufficient_scope` challenge, space-delimited. */
  readonly scope?: string;
  /** Further members of `error.data`. */
  readonly data?: Record<string, unknown>;
  /** Headers the answer has besides those of every refusal, in lower case. */
  readonly headers?: Record<string, unknown>;
  /** The address the record names. Default: loopback. */
  readonly ip?: string;
  /** `HEAD` has no body. */
  readonly bodiless?: boolean;
  /** Further parameters of the challenge that says what was wrong. */
  readonly params?: Readonly<Record<string, string>>;
  /** The schemes that are offered, in order, and whether the challenge says what was wrong. Default: Bearer, which does. */
  readonly challenges?: readonly ExpectedChallenge[];
}

export type ExpectedChallenge = 'Bearer' | 'Bearer error' | 'DPoP' | 'DPoP error';

export const metadataUrl: string = resource.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');

/** Text that would tell a caller about the inside. */
const inside = [
  ...[
    'node_modules',
    process.cwd(),
    'packages/',
    'file:',
    '.ts:',
    '.js:',
    '"stack"',
    'Error:',
    'at Object.',
    'at async',
  ],
  ...['"rule"', '"reason"', 'tools.', 'methods.', 'jose', 'JWS', 'JWK', 'ZodError', 'undefined', '[object', 'hmac-'],
];

/** Checks the answer of one refusal: status, body, headers, challenge, and that nothing of the inside is in it. */
export function expectRefusal(
  answer: Answer,
  reason: RefusalReason,
  id: string | number,
  options: ExpectRefusalOptions = {},
): void {
  const expected: RefusalContract = { ...refusals[reason], ...options.contract };
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: expected.status });
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    vary: 'Origin',
    ...options.headers,
  });
  for (const name of ['x-powered-by', 'server', 'set-cookie', 'access-control-allow-credentials', 'mcp-session-id']) {
    expect(answer.headers).not.toHaveProperty(name);
  }
  if (expected.status === 429 || expected.status === 503) expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  else expect(answer.headers).not.toHaveProperty('retry-after');
  expectChallenges(answer, expected, options);
  if (options.bodiless === true) expect(answer.text).toBe('');
  else expectBody(answer, expected, options.id ?? id, options.data);
}

function expectBody(
  answer: Answer,
  expected: RefusalContract,
  id: string | number,
  data: Record<string, unknown> = {},
): void {
  expect(answer.json).toStrictEqual({
    jsonrpc: '2.0',
    ...(expected.id && { id }),
    error: {
      code: expected.rpcCode,
      // One or two plain sentences, with no character that would need escaping in a challenge.
      message: expect.stringMatching(/^[A-Z][ !#-[\]-~]{3,199}\.$/) as string,
      data: { code: expected.code, doc: `https://sallyport.dev/errors/${expected.code}`, ...data },
    },
  });
  // What the caller sent itself may look like anything.
  const own = Object.values(data).reduce<string>((rest, value) => rest.replace(JSON.stringify(value), ''), answer.text);
  expect(inside.filter((text) => own.includes(text))).toEqual([]);
}

/** What `algs` says when nothing is configured. */
const algorithms = 'ES256 EdDSA PS256 RS256';

function expectChallenges(answer: Answer, expected: RefusalContract, options: ExpectRefusalOptions): void {
  const { challenge } = expected;
  if (challenge === 'none') {
    expect(answer.challenges).toEqual([]);
    return;
  }
  const found = parseChallengeLines(answer.challenges);
  const wanted = options.challenges ?? ['Bearer error'];
  expect(found.map(({ scheme }) => scheme)).toEqual(wanted.map((one) => one.split(' ')[0]));
  for (const [index, { scheme, params }] of found.entries()) {
    const named = wanted[index]?.endsWith(' error') === true && challenge !== 'bare' && challenge !== 'metadata';
    const signIn = challenge === 'bare' || challenge === 'invalid_token' || (!named && challenge !== 'metadata');
    const scope = options.scope ?? (signIn ? 'notes:read' : undefined);
    expect(params).toStrictEqual({
      resource_metadata: metadataUrl,
      ...(scope !== undefined && { scope }),
      ...(scheme === 'DPoP' && { algs: algorithms }),
      ...(named && {
        error: challenge,
        error_description: expect.stringMatching(/^[ !#-[\]-~]+$/) as string,
        ...options.params,
      }),
    });
  }
}

/** Checks that one request left exactly one record, that it says why, and that it belongs to no outcome. */
export function expectOneRecord(
  records: readonly AuditRecord[],
  userAgent: string,
  reason: RefusalReason,
  options: ExpectRefusalOptions = {},
): AuditRecord {
  const expected: RefusalContract = { ...refusals[reason], ...options.contract };
  const left = records.filter(({ source }) => source?.userAgent === userAgent);
  expect(left.map(({ type, decision }) => ({ type, reason: decision?.reason }))).toEqual([
    { type: expected.record, reason },
  ]);
  const record = left[0] as AuditRecord;
  expect(record.decision).toMatchObject({ effect: 'deny', reason, httpStatus: expected.status });
  expect(record.source?.ip).toBe(options.ip ?? '127.0.0.1');
  expect({ actor: record.actor !== undefined, token: record.token !== undefined }).toEqual({
    actor: expected.actor,
    token: expected.actor,
  });
  if (expected.record !== 'mcp.decision') expect(record).not.toHaveProperty('arguments');
  expect(records.filter(({ type, call }) => type === 'mcp.outcome' && call === record.call)).toEqual([]);
  return record;
}
