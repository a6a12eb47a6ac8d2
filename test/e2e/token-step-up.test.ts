import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Call, type Guard } from './support/guard.ts';
import { send } from './support/mcp-request.ts';
import { verifies } from './support/verifies.ts';

interface AccessBlock {
  readonly tools: Record<string, object>;
  readonly prompts: Record<string, object>;
}

/** The card of the target, with demands on the sign-in. */
function cardWithDemands(): object {
  const card = JSON.parse(
    readFileSync(fileURLToPath(new URL('../target/server-card.json', import.meta.url)), 'utf8'),
  ) as {
    readonly _meta: Record<'dev.sallyport/access', AccessBlock>;
  };
  const { tools, prompts } = card._meta['dev.sallyport/access'];
  tools['read-note'] = { ...tools['read-note'], authentication: { acrValues: ['urn:example:mfa', 'urn:example:key'] } };
  tools['write-note'] = { ...tools['write-note'], authentication: { maxAgeSeconds: 300 } };
  tools['purge-notes'] = { ...tools['purge-notes'], authentication: { acrValues: ['urn:example:secret'] } };
  prompts['summarize'] = {
    ...prompts['summarize'],
    authentication: { acrValues: ['urn:example:mfa'], maxAgeSeconds: 60 },
  };
  return card;
}

let guard: Guard;
beforeAll(async () => {
  guard = await openGuard({ config: { card: cardWithDemands() } });
});
afterAll(() => guard.close());

const read: Call['rpc'] = ['tools/call', { name: 'read-note', arguments: { id: '1' } }];
const write: Call['rpc'] = ['tools/call', { name: 'write-note', arguments: { id: '9', text: 'x' } }];
const now = (): number => Math.floor(Date.now() / 1000);

const strong = { scope: 'notes:read', params: { acr_values: 'urn:example:mfa urn:example:key' } };
const fresh = { scope: 'notes:write', params: { max_age: '300' } };

describe('a tool that asks for a strong sign-in', () => {
  for (const [what, acr] of Object.entries({
    nothing: undefined,
    'another acr': 'urn:example:pwd',
    'a part of one': 'urn:example',
  })) {
    verifies(['TOKEN-9470-CHALLENGE', 'TOKEN-9470-ACR'], `asks a token with ${what} for more (B-86)`, async () => {
      const token = await guard.token({ scopes: ['notes:read'], ...(acr !== undefined && { acr }) });
      const records = await guard.expectRefused('step_up_required', { rpc: read, token }, strong);
      for (const { decision, detail, target } of records) {
        expect(decision).toMatchObject({ rule: 'tools.read-note', requiredScopes: ['notes:read'], missingScopes: [] });
        expect(target).toEqual({ kind: 'tool', name: 'read-note' });
        expect(detail).toEqual({ acr: acr ?? null, authTime: null });
      }
    });
  }

  verifies('TOKEN-9470-ACR', 'takes an acr that is not a text for none', async () => {
    const token = await guard.token({ scopes: ['notes:read'], claims: { acr: ['urn:example:mfa'] } });
    await guard.expectRefused('step_up_required', { rpc: read, token }, strong);
  });

  verifies('TOKEN-9470-ACR', 'is served with any of the values', async () => {
    for (const acr of ['urn:example:mfa', 'urn:example:key']) {
      await guard.expectAnswered({ rpc: read, token: await guard.token({ scopes: ['notes:read'], acr }) });
    }
  });
});

describe('a tool that asks for a fresh sign-in', () => {
  verifies(
    ['TOKEN-9470-CHALLENGE', 'TOKEN-9470-MAX-AGE'],
    'asks a token of an old sign-in, or of none it knows, for a new one (B-86)',
    async () => {
      for (const authTime of [undefined, now() - 330, now() - 86_400]) {
        const token = await guard.token({
          scopes: ['notes:write'],
          acr: 'urn:example:mfa',
          ...(authTime !== undefined && { authTime }),
        });
        await guard.expectRefused('step_up_required', { rpc: write, token }, fresh);
      }
    },
  );

  verifies('TOKEN-9470-MAX-AGE', 'does not believe a sign-in in the future, or one that is not a number', async () => {
    for (const claim of [now() + 3_600, String(now()), null]) {
      const token = await guard.token({ scopes: ['notes:write'], claims: { auth_time: claim } });
      await guard.expectRefused('step_up_required', { rpc: write, token }, fresh);
    }
  });

  verifies('TOKEN-9470-MAX-AGE', 'is served soon after a sign-in', async () => {
    await guard.expectAnswered({
      rpc: write,
      token: await guard.token({ scopes: ['notes:write'], authTime: now() - 10 }),
    });
  });
});

describe('a demand on the sign-in', () => {
  verifies(['TOKEN-9470-AFTER-SCOPES', 'TOKEN-9470-CHALLENGE'], 'is told after a missing scope', async () => {
    const token = await guard.token({ scopes: ['echo:call'] });
    await guard.expectRefused('insufficient_scope', { rpc: read, token }, { scope: 'notes:read' });
  });

  verifies(['TOKEN-9470-ACR', 'TOKEN-9470-MAX-AGE'], 'has two parts that both count', async () => {
    const rpc: Call['rpc'] = ['prompts/get', { name: 'summarize' }];
    const both = { scope: 'notes:read', params: { acr_values: 'urn:example:mfa', max_age: '60' } };
    const scopes = ['notes:read'];
    await guard.expectRefused(
      'step_up_required',
      { rpc, token: await guard.token({ scopes, acr: 'urn:example:mfa' }) },
      both,
    );
    await guard.expectRefused('step_up_required', { rpc, token: await guard.token({ scopes, authTime: now() }) }, both);
    await guard.expectAnswered({ rpc, token: await guard.token({ scopes, acr: 'urn:example:mfa', authTime: now() }) });
  });

  verifies('TOKEN-9470-AFTER-SCOPES', 'does not give a hidden tool away', async () => {
    const rpc: Call['rpc'] = ['tools/call', { name: 'purge-notes' }];
    const { answer } = await guard.send({ rpc, token: await guard.token({ scopes: ['notes:write'] }) });
    expect([answer.status, answer.json?.error?.code]).toEqual([200, -32_602]);
    expect(answer.text).not.toContain('urn:example');
  });

  verifies('TOKEN-9470-PUBLISHED', 'stands in the published card, except for what is hidden', async () => {
    const { text } = await send(`${guard.target.origin}/mcp/server-card`, { method: 'GET' });
    const { tools } = JSON.parse(text) as { tools: { name: string; authentication?: object }[] };
    const demands = tools.filter(({ authentication }) => authentication !== undefined);
    expect(demands.map(({ name, authentication }) => [name, authentication])).toEqual([
      ['read-note', { acrValues: ['urn:example:mfa', 'urn:example:key'] }],
      ['write-note', { maxAgeSeconds: 300 }],
    ]);
    expect(text).not.toContain('urn:example:secret');
  });

  verifies('WALK-00-NO-SECRET', 'leaves no secret anywhere', () => guard.expectClean());
});
