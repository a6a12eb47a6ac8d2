import { describe, expect, it } from 'vitest';
import { findWrittenSecrets } from '../../src/environment/written-secrets.ts';
import { everything } from '../support/everything.ts';

describe('findWrittenSecrets', () => {
  it('finds every secret that stands in the file itself', () => {
    expect(findWrittenSecrets(everything)).toEqual(
      expect.arrayContaining(['audit.hashKey', 'dpop.nonceKey', 'cursorKey']),
    );
  });

  it('finds no reference, no other field, and nothing in what is no config', () => {
    expect(
      findWrittenSecrets({ audit: { hashKey: '${env:KEY}', stream: 'a' }, dpop: { nonceKey: 'a${file:/b}' } }),
    ).toEqual([]);
    expect(findWrittenSecrets({ card: { audit: { hashKey: 'a' } }, hashKey: 'a', x: [{ nonceKey: 'b' }] })).toEqual([]);
    for (const value of [null, 1, 'x', [], [['x']], { audit: null, dpop: [] }])
      expect(findWrittenSecrets(value)).toEqual([]);
  });
});
