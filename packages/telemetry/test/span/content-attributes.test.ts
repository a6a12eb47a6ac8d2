import { randomBytes } from 'node:crypto';
import { createKeyedHash, type CallEnd, type JsonObject, type JsonValue } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { contentAttributes, type ContentLevel } from '../../src/span/content-attributes.ts';
import { call, outcome, refused } from '../support/calls.ts';

const hash = createKeyedHash(randomBytes(32), { keyId: 'span' });

function shown(
  level: ContentLevel,
  options: { args?: JsonObject; result?: JsonValue; sensitive?: readonly string[]; end?: CallEnd } = {},
): Readonly<Record<string, unknown>> {
  const { args = { id: '1', text: 'hello' }, result = { content: [] }, sensitive = [], end = outcome('ok') } = options;
  const ended = end.kind === 'outcome' ? { ...end, content: { sensitive, result } } : end;
  return contentAttributes(call({ arguments: args }), ended, level, hash);
}

describe('contentAttributes', () => {
  it('shows nothing unless asked to', () => {
    expect(shown('none')).toEqual({});
  });

  it('shows arguments, and results on top, as JSON texts', () => {
    expect(shown('arguments')).toEqual({ 'gen_ai.tool.call.arguments': '{"id":"1","text":"hello"}' });
    expect(shown('arguments-and-results')).toEqual({
      'gen_ai.tool.call.arguments': '{"id":"1","text":"hello"}',
      'gen_ai.tool.call.result': '{"content":[]}',
    });
  });

  it('shows the result of a success only, and of a refused call nothing', () => {
    expect(shown('arguments-and-results', { end: outcome('tool_error') })).not.toHaveProperty(
      'gen_ai.tool.call.result',
    );
    expect(shown('arguments-and-results', { end: refused('insufficient_scope') })).toEqual({});
  });

  it('hides what the card calls sensitive, also where the result repeats it', () => {
    const args = { pin: '4711-canary', memo: 'rent' };
    const result = {
      structuredContent: { pin: '4711-canary' },
      content: [{ type: 'text', text: 'pin 4711-canary ok' }],
    };
    const text = JSON.stringify(shown('arguments-and-results', { args, result, sensitive: ['/pin'] }));
    expect(text).toContain('rent');
    expect(text).toContain('hmac-sha256:span:');
    expect(text).not.toContain('4711-canary');
  });

  it('hides what has the name of a credential or looks like one', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
    const text = JSON.stringify(shown('arguments', { args: { password: 'correct horse', note: `see ${jwt}` } }));
    expect(text).not.toContain('correct horse');
    expect(text).not.toContain(jwt);
  });

  it('is bounded, whatever the size of the arguments', () => {
    const args = { rows: Array.from({ length: 5_000 }, (_, index) => `value ${index} `.repeat(20)) };
    const result = { text: 'long '.repeat(1_000_000) };
    expect(JSON.stringify(shown('arguments-and-results', { args, result })).length).toBeLessThan(100_000);
  });

  it('does not look through what is larger than 262,144 characters', () => {
    const large = '"more than 262144 characters"';
    const args = { rows: Array.from({ length: 200_000 }, (_, index) => index) };
    expect(shown('arguments-and-results', { args, result: { text: 'x'.repeat(25_000_000) } })).toEqual({
      'gen_ai.tool.call.arguments': large,
      'gen_ai.tool.call.result': large,
    });
  });

  it('hides a sensitive number, and one behind many values, where the result repeats it', () => {
    const args = { rows: Array.from({ length: 5_000 }, () => 0), code: 471_147 };
    const result = { structuredContent: { echo: 471_147, '471147': 'x' }, content: [] };
    const text = JSON.stringify(shown('arguments-and-results', { args, result, sensitive: ['/code'] }));
    expect(text).not.toContain('471147');
  });

  it('has nothing to show of other methods', () => {
    const end: CallEnd = { kind: 'outcome', outcome: { status: 'ok' }, durationMs: 1, content: { sensitive: [] } };
    const prompt = call({ method: 'prompts/get', target: { kind: 'prompt', name: 'summarize' } });
    expect(contentAttributes(prompt, end, 'arguments-and-results', hash)).toEqual({});
  });
});
