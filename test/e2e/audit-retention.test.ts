import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkCompleteness } from '@sallyport/audit';
import { startDevIdp, type DevIdp } from '@sallyport/dev-idp';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { modern, send, type Answer } from './support/mcp-request.ts';
import { startTarget, type Target } from './support/target.ts';
import { verifies } from './support/verifies.ts';

let idp: DevIdp;
let token: string;
let target: Target;
beforeAll(async () => {
  idp = await startDevIdp({ quiet: true });
  token = await idp.mintToken({ subject: 'caller', scopes: ['echo:call'] });
});
afterEach(() => target.remove());
afterAll(() => idp.close());

const call = (text: string): Promise<Answer> =>
  send(target.url, modern('tools/call', { name: 'echo', arguments: { text } }, { token }));

verifies('AUDIT-ROTATE', 'what an export has not sent is kept, and a file in the folder deletes nothing', async () => {
  const nobody = { type: 'otlp', endpoint: 'http://127.0.0.1:9/v1/logs' };
  const audit = { rotate: { bytes: 8192 }, retention: { days: 1, bytes: 60_000 }, export: [nobody] };
  target = await startTarget({ issuer: idp.issuer, config: { audit } });
  const { folder } = target;
  await target.stop();
  writeFileSync(path.join(target.auditDirectory, 'audit-target-00000000000000099999.jsonl.retention'), '');
  target = await startTarget({ issuer: idp.issuer, folder, config: { audit } });
  const statuses: number[] = [];
  for (let round = 0; round < 12; round++) {
    const calls = Array.from({ length: 10 }, (_, index) => call(`call ${index}`));
    statuses.push(...(await Promise.all(calls)).map(({ status }) => status));
  }
  expect(statuses).toEqual(statuses.map(() => 200));
  await target.stop();
  expect(await checkCompleteness(target.auditDirectory)).toMatchObject({ complete: true, allows: 120, missing: 0 });
  expect(target.records()[0]?.seq).toBe(0);
});
