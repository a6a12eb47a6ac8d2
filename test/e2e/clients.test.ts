import { createServer, type AddressInfo } from 'node:net';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createHeadlessSignIn } from './support/headless-sign-in.ts';
import { sdkCases, type SdkClient } from './support/sdk-clients.ts';
import { startTarget, waitFor, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let idp: DevIdp;
let target: Target;
/** The resource is the true address here: a client signs in only for the server it talks to. */
beforeAll(async () => {
  const port = await freePort();
  const resource = `http://127.0.0.1:${port}/mcp`;
  idp = await startDevIdp({ quiet: true, resources: [resource] });
  target = await startTarget({ issuer: idp.issuer, config: { resource }, env: { PORT: String(port) } });
});
afterAll(async () => {
  await target.remove();
  await idp.close();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function refused(attempt: () => Promise<unknown>): Promise<string> {
  return attempt().then(
    () => 'it was not refused',
    (error: unknown) => (error as Error).message,
  );
}

const effects = (subject: string): string[] =>
  target.effects().flatMap(({ tool, sub }) => (sub === subject ? [tool] : []));

describe.each(sdkCases)('$name', ({ name, era, create }) => {
  const subject = `user of ${name}`;
  let client: SdkClient;
  beforeAll(async () => {
    client = create(target.url, await idp.mintToken({ subject, scopes: ['echo:call', 'notes:read'] }));
    await client.connect();
  });
  afterAll(() => client.close());

  verifies('EDGE-LISTS-FILTERED', 'lists what its user may use', async () => {
    expect(await client.tools()).toEqual(['whoami', 'echo', 'read-note', 'sleep', 'crash']);
    expect(await client.resources()).toEqual(['note:///{id}']);
    expect(await client.prompts()).toEqual(['summarize']);
  });

  verifies(
    ['WALK-08-ALLOW', 'WALK-08-RESOURCES', 'WALK-08-PROMPTS', 'HANDLER-PRINCIPAL'],
    'calls, reads and gets',
    async () => {
      const before = effects(subject).length;
      expect(await client.call('echo', { text: 'héllo 😀' })).toBe('héllo 😀');
      expect(JSON.parse(await client.call('whoami'))).toMatchObject({ iss: idp.issuer, sub: subject });
      expect(await client.read('note:///1')).toContain('The first note.');
      expect(await client.prompt('summarize')).toContain('Summarize');
      expect(effects(subject).slice(before)).toEqual(['echo', 'whoami', 'resource:note', 'prompt:summarize']);
    },
  );

  verifies(['WALK-08-SCOPE', 'LEGACY-SAME-POLICY'], 'is told which scope a refused call needs', async () => {
    const before = effects(subject).length;
    expect(await refused(() => client.call('write-note', { id: '9', text: 'x' }))).toMatch(/403|notes:write/);
    expect(await refused(() => client.read('config:///server'))).toMatch(/403|config:read/);
    expect(await refused(() => client.call('purge-notes'))).toContain('Unknown target');
    expect(effects(subject)).toHaveLength(before);
  });

  verifies(['LEGACY-STATELESS', 'WALK-00-STATUS-RECORDED'], 'leaves records that name its era', async () => {
    const record = await target.waitForRecord(
      ({ actor, decision }) => actor?.sub === subject && decision?.reason === 'insufficient_scope',
    );
    // A 2025-era client names itself only when it connects.
    expect(record.mcp).toMatchObject(era === 'modern' ? { era, client: 'e2e/1' } : { era });
    expect(record.decision).toMatchObject({ effect: 'deny', httpStatus: 403, missingScopes: ['notes:write'] });
  });

  verifies(
    ['WALK-04-BARE-CHALLENGE', 'WALK-08-SCOPE'],
    'signs in when it is told to, and steps up when a call needs more',
    async () => {
      const signIn = createHeadlessSignIn(idp);
      const user = create(target.url, signIn.provider);
      expect(await refused(() => user.connect())).not.toBe('it was not refused');
      await user.finishSignIn(signIn.callback());
      expect(signIn.granted()).toEqual(['notes:read']);
      await user.connect();
      expect(await user.call('read-note', { id: '1' })).toBe('The first note.');

      const note = { id: name, text: 'written after stepping up' };
      const before = effects('alice');
      expect(await refused(() => user.call('write-note', note))).not.toBe('it was not refused');
      expect(effects('alice')).toEqual(before);
      await user.finishSignIn(signIn.callback());
      expect(signIn.granted()).toContain('notes:write');
      expect(await user.call('write-note', note)).toBe('Stored.');
      expect(await user.call('read-note', { id: name })).toBe(note.text);
      await user.close();
      await waitFor(() => (target.stderr().includes(signIn.token()) ? undefined : true), 'a log without the token');
    },
  );
});
