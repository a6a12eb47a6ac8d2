import { describe, expect, it } from 'vitest';
import { resourceProblem } from '../../src/template/resource-problem.ts';

describe('keys of resources', () => {
  it.each([
    'note:///1',
    'config:///server',
    'ui://widget',
    'urn:isbn:1',
    'http://example.com',
    'note:///{id}',
    'http://{host}/x',
    'http://host:{port}/',
    'file:///{+path}',
    'doc:x{?q}',
    'doc:x{#f}',
    'doc:x{/a*}',
    'doc:x{.e}',
  ])('may be %s', (key) => expect(resourceProblem(key)).toBeUndefined());

  it.each([
    ['notes', 'is not an absolute URI'],
    ['/notes/1', 'is not an absolute URI'],
    ['{+uri}', 'does not expand to absolute URIs'],
    ['/notes/{id}', 'does not expand to absolute URIs'],
    ['NOTE:///{id}', 'whose normal form is note:///x'],
    ['https://example.com{?q}', 'expands to https://example.com?q=x, whose normal form is https://example.com/?q=x'],
    ['note:///a/../{id}', 'whose normal form is note:///x'],
    ['note:///{id:3}', 'prefix modifiers'],
  ])('may not be %s', (key, problem) => {
    expect(resourceProblem(key)?.problem).toContain(problem);
  });
});
