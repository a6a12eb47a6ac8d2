import { expect, test } from 'vitest';

import { startIssuer } from '../../src/tokens/issuer.ts';

test('The issuer gives its keys, finds every opaque token good, and counts who asks.', async () => {
  const issuer = await startIssuer('{"keys":[]}');
  try {
    expect(issuer.requests()).toBe(0);
    expect(await (await fetch(issuer.jwksUri)).json()).toEqual({ keys: [] });
    const answer = await fetch(issuer.introspectionUri, { method: 'POST', body: 'token=x' });
    expect(await answer.json()).toMatchObject({ active: true, iss: issuer.issuer, client_id: 'bench' });
    expect(issuer.requests()).toBe(2);
  } finally {
    await issuer.close();
  }
});
