import { describe, expect, it } from 'vitest';
import { acceptedAudiences, checkAudience } from '../../src/jwt/check-audience.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

const US = 'https://mcp.example.com/mcp';

function check(aud: unknown, configured: readonly string[] = [US], strict = false): boolean {
  return checkAudience({ aud: aud as never }, acceptedAudiences(configured), strict);
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
});
