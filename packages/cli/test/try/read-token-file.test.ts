import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTokenFile } from '../../src/try/read-token-file.ts';
import { temporaryDirectory } from '../support/audit-log.ts';

async function read(content: string): Promise<string> {
  const file = join(await temporaryDirectory(), 'token.txt');
  await writeFile(file, content);
  return readTokenFile(file);
}

describe('readTokenFile', () => {
  it('takes the token without white space around it', async () => {
    expect(await read('\n  eyJ.abc-_~+/==\r\n')).toBe('eyJ.abc-_~+/==');
  });

  it.each(['', ' \n', 'Bearer s3cr3t', '"s3cr3t"', 's3cr3t\ns3cr3t2', '{"access_token":"s3cr3t"}', 's3cr3t\u0000'])(
    'refuses %j and does not repeat it',
    async (content) => {
      const error: unknown = await read(content).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'ERR_CLI_TOKEN' });
      expect(String(error)).not.toContain('s3cr3t');
    },
  );

  it('says why a file can not be read', async () => {
    await expect(readTokenFile('/nowhere/token')).rejects.toMatchObject({
      code: 'ERR_CLI_TOKEN',
      problem: 'can not be read (ENOENT)',
    });
  });
});
