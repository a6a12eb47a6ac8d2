import { describe, expect, it } from 'vitest';
import { createOriginPolicy } from '../../src/network/origin-policy.ts';
import { fakeRequest } from '../support/fake-request.ts';

const app = 'https://app.example.com';
const verdict = createOriginPolicy([app]);
const of = (...origins: string[]): string => verdict(fakeRequest(origins.map((origin) => ['Origin', origin])));

describe('createOriginPolicy', () => {
  it('allows a listed origin, in any case', () => {
    expect(of(app)).toBe('allowed');
    expect(of('HTTPS://APP.EXAMPLE.COM')).toBe('allowed');
  });

  it('takes a request without Origin for one of a program', () => {
    expect(of()).toBe('absent');
    expect(verdict(fakeRequest([['Sec-Fetch-Site', 'same-origin']]))).toBe('absent');
  });

  it('refuses a cross-site fetch that hides its origin', () => {
    expect(verdict(fakeRequest([['Sec-Fetch-Site', 'cross-site']]))).toBe('refused');
  });

  it.each([
    ['null', ['null']],
    ['an empty value', ['']],
    ['the same origin twice', [app, app]],
    ['two origins in one line', [`${app}, ${app}`]],
    ['a suffix', [`${app}.evil.example`]],
    ['a trailing slash', [`${app}/`]],
    ['another scheme', ['http://app.example.com']],
    ['a port', [`${app}:443`]],
    ['user information', ['https://app.example.com@evil.example']],
  ])('refuses %s', (_name, origins) => {
    expect(of(...origins)).toBe('refused');
  });

  it('refuses every origin when none is listed', () => {
    expect(createOriginPolicy([])(fakeRequest([['Origin', app]]))).toBe('refused');
  });
});
