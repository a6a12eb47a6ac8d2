import { describe, expect, it } from 'vitest';
import { load, loadWith, minimal, setupErrorOf } from '../support/fixtures.ts';

const url = 'https://evidence.example.com/checkpoints';
const anchored = (...list: object[]): object => ({ audit: { anchors: list } });
const lineOf = async (...list: object[]): Promise<string> => (await setupErrorOf(loadWith(anchored(...list)))).message;

describe('audit.anchors', () => {
  it('fills what is left out', async () => {
    expect((await load(minimal())).audit.anchors).toEqual([]);
    const { audit } = await loadWith(
      anchored({ type: 'file', path: 'held.jsonl' }, { type: 'http', url }, { type: 'otlp', url, intervalSeconds: 60 }),
    );
    expect(audit.anchors).toEqual([
      { type: 'file', path: '/srv/app/held.jsonl', intervalSeconds: 10 },
      { type: 'http', url, headers: {}, intervalSeconds: 10 },
      { type: 'otlp', url, headers: {}, intervalSeconds: 60 },
    ]);
  });

  it('asks for what its type needs, and for nothing else', async () => {
    expect(await lineOf({ type: 'file' })).toContain('audit.anchors[0].path: is missing; add it');
    expect(await lineOf({ type: 'http' })).toContain('audit.anchors[0].url: is missing; add it');
    expect(await lineOf({ type: 'otlp', url, path: '/x' })).toBe(
      'audit.anchors[0].path: has no meaning with the type "otlp"; remove it (ERR_CONFIG_INVALID)',
    );
    expect(await lineOf({ type: 'file', path: '/x', headers: {} })).toContain(
      'audit.anchors[0].headers: has no meaning with the type "file"',
    );
  });

  it('takes http on a loopback host only, and headers that a request may have', async () => {
    await loadWith(anchored({ type: 'http', url: 'http://127.0.0.1:9/x' }));
    expect(await lineOf({ type: 'http', url: 'http://evidence.example.com/x' })).toContain(
      'audit.anchors[0].url: uses http on a host that is not loopback; use https',
    );
    expect(await lineOf({ type: 'http', url, headers: { host: 'x' } })).toContain('is set by the protocol');
    expect(await lineOf({ type: 'http', url, intervalSeconds: 0 })).toContain('an integer from 1 to 3600');
  });

  it('counts into the hash of the configuration without its secrets', async () => {
    const hashOf = async (audit: object): Promise<string> => (await loadWith({ audit })).hash;
    const withToken = (value: string): object => ({
      anchors: [{ type: 'http', url, headers: { authorization: value } }],
    });
    expect(await hashOf(withToken('Bearer a'))).toBe(await hashOf(withToken('Bearer b')));
    expect(await hashOf(withToken('Bearer a'))).not.toBe(await hashOf({ anchors: [{ type: 'http', url }] }));
    expect(await hashOf({ signingKey: 'a', previousSigningKey: 'b' })).toBe(await hashOf({}));
  });
});
