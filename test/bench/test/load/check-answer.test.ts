import { expect, test } from 'vitest';

import { checkAnswer } from '../../src/load/check-answer.ts';
import { fixedAnswer } from '../../src/server/call.ts';

const right = { status: 200, challenge: undefined, body: JSON.stringify(fixedAnswer) };
const refused = { status: 401, challenge: 'Bearer resource_metadata="x"', body: '{"error":"invalid_token"}' };

test('The answer of the tool is right for an allowed call.', () => {
  expect(checkAnswer('call', right)).toBeUndefined();
  expect(checkAnswer('call-distinct', right)).toBeUndefined();
});

test('A refusal with a challenge is right for a call that must be refused.', () => {
  expect(checkAnswer('no-token', refused)).toBeUndefined();
  expect(checkAnswer('wrong-scope', { ...refused, status: 403 })).toBeUndefined();
});

test.each([
  ['another status', 'call', { ...right, status: 500 }],
  ['another text', 'call', { ...right, body: '{"id":1,"result":{"content":[{"text":"no"}]}}' }],
  ['a tool error', 'call', { ...right, body: right.body.replace('"content"', '"isError":true,"content"') }],
  ['an error with status 200', 'call', { ...right, body: '{"id":1,"error":{}}' }],
  ['no JSON', 'call', { ...right, body: 'ok' }],
  ['a call that should have been refused', 'no-token', right],
  ['a refusal without a challenge', 'no-token', { ...refused, challenge: undefined }],
  ['a refusal with another status', 'wrong-scope', refused],
] as const)('It is wrong to see %s.', (_what, scenario, answer) => {
  expect(checkAnswer(scenario, answer)).toBeTypeOf('string');
});

test('A list is right when it holds as many tools as it must, and not one that may not be seen.', () => {
  const list = (count: number): typeof right => ({
    ...right,
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, result: { tools: Array.from({ length: count }, () => ({})) } }),
  });
  expect(checkAnswer('list', list(900), 900)).toBeUndefined();
  expect(checkAnswer('list', list(1000), 900)).toContain('wrong list');
  expect(checkAnswer('list', { ...right, body: 'no' }, 900)).toContain('wrong list');
});
