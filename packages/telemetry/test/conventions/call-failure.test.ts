import { reasons, type Reason } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { callFailure } from '../../src/conventions/call-failure.ts';
import { ok, outcome, refused } from '../support/calls.ts';

describe('callFailure', () => {
  it('says nothing of a call that went well', () => {
    expect(callFailure(ok, '1.41')).toEqual({});
  });

  it.each([
    ['tool_error', outcome('tool_error'), { errorType: 'tool_error' }],
    ['a JSON-RPC error', outcome('error', -32_603), { errorType: '-32603', rpcStatus: '-32603' }],
    ['an error without a code', outcome('error'), { errorType: '_OTHER' }],
    ['a refusal of the server with a code', outcome('rejected', -32_000), { errorType: '-32000', rpcStatus: '-32000' }],
    ['a refusal of the server without a code', outcome('rejected'), { errorType: 'rejected' }],
    ['a cancelled call', outcome('cancelled'), { errorType: 'cancelled' }],
    ['a client that left', outcome('disconnected'), { errorType: 'disconnected' }],
    ['a call that was found open', outcome('aborted'), { errorType: 'aborted' }],
  ])('tells %s', (_what, end, expected) => {
    expect(callFailure(end, '1.41')).toEqual(expected);
  });

  it('tells a refusal with its code and what the caller was told', () => {
    expect(callFailure(refused('insufficient_scope'), '1.41')).toEqual({
      errorType: '403',
      rpcStatus: '403',
      message: reasons.insufficient_scope.message,
    });
  });

  it('is a tool error where the refusal was answered as the result of a tool', () => {
    const end = { ...refused('insufficient_scope'), rpcErrorCode: undefined };
    expect(callFailure(end as never, '1.41')).toMatchObject({ errorType: 'tool_error' });
    expect(callFailure(end as never, '1.41')).not.toHaveProperty('rpcStatus');
  });

  it.each([-32_700, -32_600, -32_601, -32_602, -32_002])(
    'counts %i as an error of the server in the released text only',
    (code) => {
      expect(callFailure(outcome('error', code), '1.41')).toEqual({ errorType: String(code), rpcStatus: String(code) });
      expect(callFailure(outcome('error', code), 'gen_ai_latest_experimental')).toEqual({ rpcStatus: String(code) });
    },
  );

  it.each([-32_603, -32_000, -32_020, 403])('counts %i as an error in both texts', (code) => {
    const expected = { errorType: String(code), rpcStatus: String(code) };
    expect(callFailure(outcome('error', code), '1.41')).toEqual(expected);
    expect(callFailure(outcome('error', code), 'gen_ai_latest_experimental')).toEqual(expected);
  });

  it('has few values for refusals, whatever is refused', () => {
    const types = Object.keys(reasons).map((reason) => callFailure(refused(reason as Reason), '1.41').errorType);
    expect(new Set(types).size).toBeLessThan(20);
  });
});
