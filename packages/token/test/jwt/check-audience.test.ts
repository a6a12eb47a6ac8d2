import { describe, expect, it } from 'vitest';
import { acceptedAudiences, checkAudience, type AudiencePolicy } from '../../src/jwt/check-audience.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

const US = 'https://mcp.example.com/mcp';

function check(
  aud: unknown,
  configured: readonly string[] = [US],
  strict = false,
  changes: Partial<AudiencePolicy> = {},
): boolean {
  const policy = {
    accepted: acceptedAudiences(configured),
    known: new Set<string>(),
    strict,
    absent: 'refused',
    ...changes,
  } as const;
  return checkAudience({ aud: aud as never }, policy, 'client-1');
}

describe('checkAudience', () => {
  it('accepts the resource as a string or in a list (B-27)', () => {
    expect(check(US)).toBe(false);
    expect(check([US])).toBe(false);
    expect(check([US, US])).toBe(false);
  });

  it('accepts a list that names others too and says so; strictAudience refuses it (B-29)', async () => {
    expect(check([US, 'https://other-rs'])).toBe(true);
    expect(check(['https://other-rs', US])).toBe(true);
    await expectRefusal(() => check([US, 'https://other-rs'], [US], true), 'aud_mismatch', 401);
    expect(check([US, 'api://us'], [US, 'api://us'], true)).toBe(false);
  });

  // @verifies TOKEN-MCP-OWN-TOKENS, TOKEN-8725-AUDIENCE
  it('refuses other resources, parents and children of ours (B-30)', async () => {
    for (const aud of [
      'https://mcp.example.com/other',
      'https://mcp.example.com',
      'https://mcp.example.com/',
      `${US}/x`,
      'https://mcp.example.com/mc',
    ]) {
      await expectRefusal(() => check(aud), 'aud_mismatch', 401);
    }
  });

  // @verifies TOKEN-7519-COMPARE
  it('compares bytes, not meanings (B-31, B-66)', async () => {
    for (const aud of [
      `${US}/`,
      'https://MCP.example.com/mcp',
      'https://mcp.example.com/MCP',
      'https://mcp.example.com:443/mcp',
      'http://mcp.example.com/mcp',
      'https://mcp.example.com/%6dcp',
      `${US} `,
      `${US}#`,
      `${US}?`,
      'https://mсp.example.com/mcp',
    ]) {
      await expectRefusal(() => check(aud), 'aud_mismatch', 401);
    }
  });

  it('accepts both spellings of a resource without a path, and of nothing else', async () => {
    for (const configured of ['https://mcp.example.com', 'https://mcp.example.com/']) {
      expect(check('https://mcp.example.com', [configured])).toBe(false);
      expect(check('https://mcp.example.com/', [configured])).toBe(false);
      await expectRefusal(() => check('https://mcp.example.com//', [configured]), 'aud_mismatch', 401);
    }
    expect([...acceptedAudiences(['http://127.0.0.1:8080'])]).toEqual([
      'http://127.0.0.1:8080',
      'http://127.0.0.1:8080/',
    ]);
    expect([...acceptedAudiences(['https://h/mcp/', 'https://h?x', 'api://app', 'https://', '6f1c'])]).toHaveLength(5);
  });

  // @verifies TOKEN-7519-AUD
  it('refuses every other type (B-33)', async () => {
    for (const aud of [
      [],
      [[US]],
      { us: 1 },
      { [US]: 1 },
      1,
      true,
      null,
      undefined,
      '',
      [US, 1],
      [US, null],
      { length: 1, 0: US },
    ]) {
      await expectRefusal(() => check(aud), 'aud_mismatch', 401);
    }
  });

  it('accepts an id that is no URL only when it is configured (B-34)', async () => {
    await expectRefusal(() => check('api://6f1c'), 'aud_mismatch', 401);
    expect(check('api://6f1c', ['api://6f1c'])).toBe(false);
  });

  it('does not count what an issuer adds for itself as somebody else', async () => {
    const known = new Set(['https://tenant.auth0.com/userinfo']);
    expect(check([US, 'https://tenant.auth0.com/userinfo'], [US], true, { known })).toBe(false);
    expect(check([US, 'https://tenant.auth0.com/userinfo', 'https://other-rs'], [US], false, { known })).toBe(true);
    await expectRefusal(
      () => check(['https://tenant.auth0.com/userinfo'], [US], false, { known }),
      'aud_mismatch',
      401,
    );
  });

  it('takes the client for the audience of a token without aud only where that is the custom of the issuer', async () => {
    expect(check(undefined, ['client-1'], false, { absent: 'client' })).toBe(false);
    await expectRefusal(() => check(undefined, ['client-2'], false, { absent: 'client' }), 'aud_mismatch', 401);
    await expectRefusal(
      () => check('https://other-rs', ['client-1'], false, { absent: 'client' }),
      'aud_mismatch',
      401,
    );
    await expectRefusal(() => check(null, ['client-1'], false, { absent: 'client' }), 'aud_mismatch', 401);
  });

  it('does without aud where the clients are listed instead, and still refuses another one', async () => {
    expect(check(undefined, [US], false, { absent: 'accepted' })).toBe(false);
    await expectRefusal(() => check('https://other-rs', [US], false, { absent: 'accepted' }), 'aud_mismatch', 401);
    await expectRefusal(() => check(null, [US], false, { absent: 'accepted' }), 'aud_mismatch', 401);
  });
});
