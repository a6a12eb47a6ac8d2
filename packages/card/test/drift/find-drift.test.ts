import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDrift, loadCard, requireNoDrift, type RegisteredTargets } from '../../src/index.ts';
import { accessCard, notesAccess } from '../support/access-card.ts';

const card = await accessCard(notesAccess);
const complete: RegisteredTargets = {
  tools: Object.keys(notesAccess.tools),
  resources: ['config:///server'],
  resourceTemplates: ['note:///{id}'],
  prompts: ['summarize'],
};

function messages(registered: Partial<RegisteredTargets>): readonly string[] {
  return findDrift(card, { ...complete, ...registered }).map(({ message }) => message);
}

describe('findDrift', () => {
  it('finds nothing when card and server agree', () => {
    expect(messages({})).toEqual([]);
  });

  it('finds what is registered but not declared, once', () => {
    const found = findDrift(card, {
      tools: [...complete.tools, 'unlisted', 'unlisted'],
      resources: [...complete.resources, 'other:///x'],
      resourceTemplates: [...complete.resourceTemplates, 'other:///{id}'],
      prompts: [...complete.prompts, 'hello\n'],
    });
    expect(found).toEqual([
      {
        kind: 'undeclared',
        target: 'tool',
        name: 'unlisted',
        message: 'tool "unlisted" is registered but not in the card: nobody can reach it',
      },
      { kind: 'undeclared', target: 'resource', name: 'other:///x', message: expect.stringContaining('"other:///x"') },
      {
        kind: 'undeclared',
        target: 'resource template',
        name: 'other:///{id}',
        message: expect.stringContaining('"other:///{id}"'),
      },
      {
        kind: 'undeclared',
        target: 'prompt',
        name: 'hello\n',
        message: expect.stringContaining(String.raw`"hello\u000a"`),
      },
    ]);
  });

  it('finds what is declared but not registered', () => {
    expect(
      messages({
        tools: ['whoami', 'read-note', 'purge-notes', 'transfer'],
        resources: [],
        resourceTemplates: [],
        prompts: [],
      }),
    ).toEqual([
      'tool "write-note" is in the card but not registered by the server',
      'resource template "note:///{id}" is in the card but not registered by the server',
      'resource "config:///server" is in the card but not registered by the server',
      'prompt "summarize" is in the card but not registered by the server',
    ]);
  });

  it('takes instances of a declared template for declared, and a template with an instance for registered', () => {
    expect(messages({ resources: ['config:///server', 'note:///1'] })).toEqual([]);
    expect(messages({ resources: ['config:///server', 'note:///1'], resourceTemplates: [] })).toEqual([]);
  });

  it('takes a declared resource for registered when a template of the server matches it', () => {
    expect(messages({ resources: [], resourceTemplates: ['note:///{id}', 'config:///{part}'] })).toEqual([
      'resource template "config:///{part}" is registered but not in the card: nobody can reach it',
    ]);
  });

  it('counts hidden targets and never names them', () => {
    const found = messages({ tools: complete.tools.filter((name) => name !== 'purge-notes') });
    expect(found).toEqual(['1 hidden target of the card is not registered by the server']);
  });

  it('counts several hidden targets together', async () => {
    const hidden = { scopes: [], disclosure: 'hide' };
    const secret = await accessCard({ tools: { a: hidden }, prompts: { b: hidden }, resources: { 'x:{y}': hidden } });
    const none: RegisteredTargets = { tools: [], resources: [], resourceTemplates: [], prompts: [] };
    expect(findDrift(secret, none)).toEqual([
      { kind: 'unregistered', message: '3 hidden targets of the card are not registered by the server' },
    ]);
  });

  it('understands a server with a template that RFC 6570 does not know', () => {
    expect(messages({ resourceTemplates: ['note:///{id}', 'x:{a:3}'] })).toEqual([
      'resource template "x:{a:3}" is registered but not in the card: nobody can reach it',
    ]);
  });
});

describe('requireNoDrift', () => {
  it('is content when card and server agree', () => {
    expect(() => requireNoDrift(card, complete)).not.toThrow();
  });

  it('names the file of the card', async () => {
    const file = join(import.meta.dirname, '../../../../test/target/server-card.json');
    const none: RegisteredTargets = { tools: [], resources: [], resourceTemplates: [], prompts: [] };
    const target = await loadCard(file);
    expect(() => requireNoDrift(target, none)).toThrow(expect.objectContaining({ file: resolve(file) }));
  });

  it('throws ERR_CARD_DRIFT on one line with the first five differences', () => {
    const registered = { ...complete, tools: [...complete.tools, 'a', 'b', 'c', 'd', 'e', 'f', 'g'] };
    expect(() => requireNoDrift(card, registered)).toThrow(
      expect.objectContaining({
        code: 'ERR_CARD_DRIFT',
        message: expect.stringMatching(/^[^\n]*tool "e" is registered[^\n]*; and 2 more; declare[^\n]*$/),
      }),
    );
  });
});
