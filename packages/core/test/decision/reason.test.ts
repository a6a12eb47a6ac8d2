import { describe, expect, test } from 'vitest';
import { reasons, type Reason, type ReasonInfo } from '../../src/decision/reason.ts';

const rows = Object.entries(reasons) as [Reason, ReasonInfo][];

describe.each(rows)('the reason %s', (_reason, info) => {
  test('has a code of its area', () => {
    expect(info.code).toMatch(/^ERR_[A-Z]+_[A-Z][A-Z_]*[A-Z]$/);
    expect(info.code.startsWith(`ERR_${info.area}_`)).toBe(true);
  });

  test('is recorded as what its status says', () => {
    expect(info.record === 'auth.failure').toBe(info.status === 401 && info.area !== 'ACCESS');
    if (info.record === 'mcp.decision') expect(info.area).toBe('ACCESS');
    if (info.area === 'ACCESS') expect(info.record).toBe('mcp.decision');
  });

  test('has a message that may stand in an error_description (RFC 6750 §3)', () => {
    expect(info.message).toMatch(/^[\u0020\u0021\u0023-\u005b\u005d-\u007e]+$/);
    expect(info.message).toMatch(/^[A-Z].*\.$/);
  });

  test('challenges the caller exactly where a new token could help', () => {
    const challenges = [
      ...['bare', 'invalid_token', 'invalid_dpop_proof', 'use_dpop_nonce', 'insufficient_user_authentication'],
    ];
    expect(challenges.includes(info.challenge)).toBe(info.status === 401);
    if (info.status >= 500) expect(info.challenge).toBe('none');
    if (info.challenge === 'insufficient_scope') expect(info.status).toBe(403);
    if (info.challenge === 'invalid_request') expect(info.status).toBe(400);
  });

  test('has a JSON-RPC code of its own only where the design names one', () => {
    if (info.status >= 500) expect(info.rpcCode).toBe(-32_603);
    if (info.status === 200) expect(info.rpcCode).toBe(-32_602);
    if (info.rpcCode !== undefined) {
      expect([-32_600, -32_601, -32_602, -32_603, -32_020, -32_022]).toContain(info.rpcCode);
    }
  });
});

describe('the table of reasons', () => {
  test('is closed: reasons share a code only where a caller must not tell them apart', () => {
    const byCode = new Map<string, ReasonInfo[]>();
    for (const [, info] of rows) byCode.set(info.code, [...(byCode.get(info.code) ?? []), info]);
    for (const shared of byCode.values()) {
      for (const info of shared) expect({ ...info }).toEqual({ ...shared[0] });
    }
    expect([...byCode].filter(([, shared]) => shared.length > 1).map(([code]) => code)).toEqual([
      'ERR_TOKEN_NO_TOKEN',
      'ERR_ACCESS_UNKNOWN_TARGET',
      'ERR_SESSION_NOT_FOUND',
    ]);
  });
});
