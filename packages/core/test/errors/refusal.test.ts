import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/errors/refusal.ts';
import { SallyportError } from '../../src/errors/sallyport-error.ts';

describe('Refusal', () => {
  test('takes status, code, message and page from the table', () => {
    const refusal = new Refusal('unknown_method');
    expect(refusal).toBeInstanceOf(SallyportError);
    expect(refusal).toMatchObject({
      name: 'Refusal',
      reason: 'unknown_method',
      status: 404,
      rpcCode: -32_601,
      code: 'ERR_ACCESS_UNKNOWN_METHOD',
    });
    expect(refusal.doc).toBe('https://sallyport.dev/errors/ERR_ACCESS_UNKNOWN_METHOD');
  });

  test('uses the HTTP status as JSON-RPC code where the table has none', () => {
    expect(new Refusal('insufficient_scope').rpcCode).toBe(403);
    expect(new Refusal('insufficient_scope', { status: 401 }).rpcCode).toBe(401);
  });

  test('shows another reason than the one it records', () => {
    const refusal = new Refusal('cross_principal', { shownAs: 'session_unknown', detail: 'x' });
    expect(refusal).toMatchObject({
      reason: 'cross_principal',
      shownAs: 'session_unknown',
      code: 'ERR_SESSION_NOT_FOUND',
      detail: 'x',
    });
  });

  test('lets a case have its own status and code', () => {
    expect(new Refusal('malformed_rpc', { status: 422, rpcCode: -32_602 })).toMatchObject({
      status: 422,
      rpcCode: -32_602,
    });
  });
});
