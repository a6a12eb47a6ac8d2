import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { serializeDocument } from '../../src/index.ts';

describe('serializeDocument', () => {
  it('writes JSON in UTF-8 with a strong entity tag over its bytes', () => {
    const { body, etag } = serializeDocument({ title: 'é', list: [] });
    expect(body.toString('utf8')).toBe('{\n  "title": "é",\n  "list": []\n}\n');
    expect(etag).toBe(`"sha256-${createHash('sha256').update(body).digest('base64url')}"`);
    expect(etag).toMatch(/^"[\x21\x23-\x7e]+"$/);
  });

  it('changes the entity tag with the document', () => {
    expect(serializeDocument({ a: 1 }).etag).not.toBe(serializeDocument({ a: 2 }).etag);
  });
});
