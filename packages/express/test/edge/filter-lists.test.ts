import type { JsonObject, JsonValue, TargetKind } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { filterLists, type ListReader } from '../../src/edge/filter-lists.ts';

interface Asked {
  readonly kind: TargetKind;
  readonly name: string | undefined;
  readonly template: boolean;
}

/** Shows what is named `seen…`, and notes what was asked about. */
function reader(asked: Asked[] = [], over: Partial<ListReader> = {}): ListReader {
  return {
    shows(kind, name, template) {
      asked.push({ kind, name, template });
      return name?.startsWith('seen') === true;
    },
    describeTool: (_name, tool) => tool,
    seal: (cursor) => cursor,
    ...over,
  };
}

const filter = (message: JsonValue, over: Partial<ListReader> = {}): JsonValue =>
  filterLists(message, reader([], over));
const answer = (result: JsonValue): JsonValue => ({ jsonrpc: '2.0', id: 1, result });

const shapes = [
  ['tools', 'name', { kind: 'tool', template: false }],
  ['prompts', 'name', { kind: 'prompt', template: false }],
  ['resources', 'uri', { kind: 'resource', template: false }],
  ['resourceTemplates', 'uriTemplate', { kind: 'resource', template: true }],
] as const;

describe('filtering lists', () => {
  it.each(shapes)('keeps of %s what its reader may use', (key, field, asks) => {
    const asked: Asked[] = [];
    const entries = [{ [field]: 'seen-1', title: 'kept' }, { [field]: 'hidden' }, { [field]: 'seen-2' }];
    const filtered = filterLists(answer({ [key]: entries, nextCursor: 'n' }), reader(asked));
    expect(filtered).toEqual(answer({ [key]: [entries[0], entries[2]] as JsonValue[], nextCursor: 'n' }));
    expect(asked).toEqual(['seen-1', 'hidden', 'seen-2'].map((name) => ({ ...asks, name })));
  });

  it('filters several lists of one result', () => {
    expect(filter(answer({ tools: [{ name: 'hidden' }], prompts: [{ name: 'hidden' }, { name: 'seen' }] }))).toEqual(
      answer({ tools: [], prompts: [{ name: 'seen' }] }),
    );
  });

  it.each([
    ['has no name', {}],
    ['has a name that is no text', { name: 7 }],
    ['is named only by its prototype', JSON.parse('{"__proto__":{"name":"seen"}}') as JsonValue],
    ['is no object', 'seen'],
    ['is null', null],
  ])('drops an entry that %s', (_name, entry) => {
    expect(filter(answer({ tools: [entry] }))).toEqual(answer({ tools: [] }));
  });

  it('gives the cursor of the next page a new form, whatever else the list holds', () => {
    const seal: ListReader['seal'] = (cursor, list) => `${list}:${cursor}`;
    expect(filter(answer({ tools: [{ name: 'seen' }], nextCursor: '2' }), { seal })).toEqual(
      answer({ tools: [{ name: 'seen' }], nextCursor: 'tools:2' }),
    );
    expect(filter(answer({ resourceTemplates: [], nextCursor: '2' }), { seal })).toEqual(
      answer({ resourceTemplates: [], nextCursor: 'resourceTemplates:2' }),
    );
    const none = answer({ tools: [], nextCursor: 7 });
    expect(filter(none, { seal })).toBe(none);
    const noList = answer({ items: [], nextCursor: '2' });
    expect(filter(noList, { seal })).toBe(noList);
  });

  it('describes the tools it shows, and nothing else', () => {
    const describeTool = (name: string, tool: JsonObject): JsonObject => ({ ...tool, title: name.toUpperCase() });
    const result = { tools: [{ name: 'seen' }, { name: 'hidden' }], prompts: [{ name: 'seen' }] };
    expect(filter(answer(result), { describeTool })).toEqual(
      answer({ tools: [{ name: 'seen', title: 'SEEN' }], prompts: [{ name: 'seen' }] }),
    );
  });

  it('filters every answer of a batch', () => {
    const other = { jsonrpc: '2.0', method: 'notifications/message' };
    expect(filter([answer({ tools: [{ name: 'hidden' }] }), other])).toEqual([answer({ tools: [] }), other]);
  });

  it.each<[string, JsonValue]>([
    ['a list that holds nothing hidden', answer({ tools: [{ name: 'seen' }] })],
    ['a result without lists', answer({ content: [] })],
    ['a member of that name that is no list', answer({ tools: { listChanged: true } })],
    ['an error', { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'tools' } }],
    ['a notification', { jsonrpc: '2.0', method: 'x', params: { tools: [{ name: 'hidden' }] } }],
    ['structured content', answer({ structuredContent: { tools: [{ name: 'hidden' }] } })],
    ['text', 'tools'],
    ['a batch without lists', [answer({ content: [] })]],
  ])('gives back the same object for %s', (_name, message) => {
    expect(filter(message)).toBe(message);
  });

  it.each([
    ['filtered', [{ name: 'hidden' }], 'public'],
    ['complete for this caller', [{ name: 'seen' }], 'public'],
    ['marked with something unknown', [{ name: 'seen' }], 'shared'],
  ])('marks a list as private that is %s', (_name, tools, cacheScope) => {
    expect(filter(answer({ tools, cacheScope, ttlMs: 5 }))).toMatchObject({
      result: { cacheScope: 'private', ttlMs: 5 },
    });
  });

  it('adds no cacheScope to a list of an era that has none', () => {
    expect(filter(answer({ tools: [{ name: 'hidden' }] }))).toEqual(answer({ tools: [] }));
  });

  it('does not change what it was given', () => {
    const message = answer({ tools: [{ name: 'hidden' }] });
    const before = structuredClone(message);
    filter(message);
    expect(message).toEqual(before);
  });
});
