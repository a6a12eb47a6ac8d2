import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/audit-log.ts';
import { localServer } from '../support/local-server.ts';
import { run } from '../support/run.ts';

const token = 'eyJhbGciOiJub25lIn0.c2VjcmV0.c2lnbmF0dXJl';

async function attempt(handler: RequestListener, ...args: readonly string[]) {
  const file = join(await temporaryDirectory(), 'token.txt');
  await writeFile(file, token);
  return run(['try', 'read-note', '--url', `${await localServer(handler)}/mcp`, '--token-file', file, ...args]);
}

const refusal =
  (status: number, code: string, message: string): RequestListener =>
  (req, res) => {
    req.resume();
    const error = { code: status, message, data: { code, doc: 'https://evil.example/phish' } };
    res
      .writeHead(status, { 'content-type': 'application/json', 'retry-after': '3' })
      .end(JSON.stringify({ jsonrpc: '2.0', error }));
  };

describe('tryTool', () => {
  it('exits 2 when the server can not decide right now, and says when to come back', async () => {
    const { code, stdout, stderr } = await attempt(refusal(503, 'ERR_TOKEN_IDP_UNAVAILABLE', 'later'));
    expect(code).toBe(2);
    expect(stdout).toBe('error - ERR_TOKEN_IDP_UNAVAILABLE\n');
    expect(stderr).toContain('next: try again after 3 seconds\n');
    const json = await attempt(refusal(503, 'ERR_TOKEN_IDP_UNAVAILABLE', 'later'), '--json');
    expect(json).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      verdict: 'error',
      code: 'ERR_TOKEN_IDP_UNAVAILABLE',
      httpStatus: 503,
    });
  });

  it('knows the pages of codes itself and takes no address from a server', async () => {
    const { stderr } = await attempt(refusal(403, 'ERR_ACCESS_CONDITION', 'x'));
    expect(stderr).toContain('https://sallyport.dev/errors/ERR_ACCESS_CONDITION\n');
    expect(stderr).not.toContain('evil');
  });

  it('keeps an error of the server that is no refusal apart', async () => {
    const handler: RequestListener = (req, res) => {
      req.resume();
      res.writeHead(400, { 'content-type': 'application/json' });
      res.end('{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"bad \\u001b[2J id"}}');
    };
    const { code, stdout, stderr } = await attempt(handler);
    expect(code).toBe(2);
    expect(stdout).toBe('error - JSON-RPC -32602  bad \\u{1b}[2J id\n');
    expect(stderr).toContain('check the name of the tool and --args');
    expect(JSON.parse((await attempt(handler, '--json')).stdout)).toMatchObject({ verdict: 'error', rpcCode: -32_602 });
  });

  it('does not print the token when a server sends it back', async () => {
    const echo: RequestListener = (req, res) => {
      req.resume();
      const error = { code: -32_000, message: `you sent ${String(req.headers.authorization)}` };
      res.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', error }));
    };
    for (const args of [[], ['--json']]) {
      const { stdout, stderr } = await attempt(echo, ...args);
      expect(stdout).toContain('you sent Bearer [access token]');
      expect(stdout + stderr).not.toContain('c2VjcmV0');
    }
  });

  it('does not print the token in an error either', async () => {
    const { code, stdout, stderr } = await attempt((req, res) => {
      req.resume();
      res.writeHead(200, { 'content-type': String(req.headers.authorization) }).end('?');
    });
    expect(code).toBe(2);
    expect(stderr).toContain('ERR_CLI_ANSWER');
    expect(stdout + stderr).not.toContain('c2VjcmV0');
  });
});
