import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openGuard, type Guard } from './support/guard.ts';
import { verifies } from './support/verifies.ts';

const claims = {
  email: 'alice.smith@acme.example',
  name: 'Alice Smith',
  given_name: 'Alice',
  family_name: 'Smith',
  preferred_username: 'asmith',
  phone_number: '+49 30 1234567',
};

const guards: Guard[] = [];
beforeAll(async () => {
  for (const pseudonymizeSubjects of [false, true])
    guards.push(await openGuard({ config: { audit: { pseudonymizeSubjects } } }));
});
afterAll(async () => {
  for (const guard of guards) await guard.close();
});

/** Everything in the log and on stderr. */
function everything({ target }: Guard): string {
  const files = readdirSync(target.auditDirectory).filter((name) => name.endsWith('.jsonl'));
  return [target.stderr(), ...files.map((name) => readFileSync(path.join(target.auditDirectory, name), 'utf8'))].join(
    '\n',
  );
}

async function subjectOf(guard: Guard, subject: string): Promise<string | undefined> {
  const token = await guard.token({ subject, scopes: ['echo:call'], claims });
  const { answer, userAgent } = await guard.send({ token });
  expect(answer.status).toBe(200);
  return (await guard.target.waitForRecord(({ source }) => source?.userAgent === userAgent)).actor?.sub;
}

describe('the log', () => {
  verifies('G-29', 'holds no name and no e-mail address of a token, at any setting (G-29)', async () => {
    for (const guard of guards) {
      await subjectOf(guard, 'subject-1');
      const text = everything(guard);
      for (const value of Object.values(claims)) expect(text).not.toContain(value);
    }
  });

  verifies('G-29', 'holds subjects as keyed hashes when that is asked for, one for each (G-29)', async () => {
    const [clear, hidden] = guards as [Guard, Guard];
    expect(await subjectOf(clear, 'alice.smith@acme.example')).toBe('alice.smith@acme.example');
    const first = await subjectOf(hidden, 'alice.smith@acme.example');
    expect(first).toMatch(/^hmac-sha256:k1:[\w-]{43}$/);
    expect(await subjectOf(hidden, 'alice.smith@acme.example')).toBe(first);
    expect(await subjectOf(hidden, 'bob@acme.example')).not.toBe(first);
    for (const subject of ['alice.smith', 'bob@acme.example']) expect(everything(hidden)).not.toContain(subject);
  });
});
