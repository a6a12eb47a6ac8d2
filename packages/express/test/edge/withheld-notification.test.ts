import type { JsonValue } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { isWithheld, type ChangeReader } from '../../src/edge/withheld-notification.ts';

const reader: ChangeReader = {
  shows: (kind, name) => kind === 'resource' && name?.startsWith('seen:') === true,
  showsAny: (kind) => kind === 'tool',
};
const notification = (method: string, params?: JsonValue): JsonValue => ({
  jsonrpc: '2.0',
  method,
  ...(params !== undefined && { params }),
});

describe('a notification is withheld', () => {
  it.each<[string, JsonValue]>([
    ['of a resource its reader does not see', notification('notifications/resources/updated', { uri: 'other:1' })],
    ['of a resource without a URI', notification('notifications/resources/updated', {})],
    ['of a resource whose URI is no text', notification('notifications/resources/updated', { uri: ['seen:1'] })],
    ['of a resource without parameters', notification('notifications/resources/updated')],
    ['of a list in which its reader sees nothing', notification('notifications/prompts/list_changed')],
    ['of another list in which its reader sees nothing', notification('notifications/resources/list_changed')],
  ])('%s', (_name, message) => {
    expect(isWithheld(message, reader)).toBe(true);
  });
});

describe('everything else passes', () => {
  it.each<[string, JsonValue]>([
    ['the update of a resource its reader sees', notification('notifications/resources/updated', { uri: 'seen:1' })],
    ['a change of a list in which it sees something', notification('notifications/tools/list_changed')],
    ['progress', notification('notifications/progress', { uri: 'other:1' })],
    ['a method by prototype', notification('constructor')],
    ['an answer', { jsonrpc: '2.0', id: 1, result: {} }],
    ['text', 'notifications/prompts/list_changed'],
    ['null', null],
  ])('%s', (_name, message) => {
    expect(isWithheld(message, reader)).toBe(false);
  });
});
