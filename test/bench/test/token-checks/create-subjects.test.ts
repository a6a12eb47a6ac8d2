import { afterAll, beforeAll, expect, test } from 'vitest';

import { createAllSubjects, type Subjects } from '../../src/token-checks/create-subjects.ts';
import { runSubject } from '../../src/token-checks/run-subject.ts';
import { tokenCases } from '../../src/token-checks/token-case.ts';
import { startIssuer, type Issuer } from '../../src/tokens/issuer.ts';
import { createSigningKey, joinKeySets } from '../../src/tokens/signing-key.ts';

let issuer: Issuer;
let subjects: ReadonlyMap<string, Subjects>;

beforeAll(async () => {
  const keys = {
    RS256: createSigningKey('RS256'),
    ES256: createSigningKey('ES256'),
    EdDSA: createSigningKey('EdDSA'),
  };
  issuer = await startIssuer(joinKeySets(Object.values(keys)));
  subjects = await createAllSubjects({ ...issuer, keys });
});
afterAll(() => issuer.close());

test.each(tokenCases.flatMap(({ name, subjects: who }) => who.map((subject) => [name, subject] as const)))(
  'A token of the case %s is checked by %s with the right outcome each time.',
  async (name, who) => {
    const subject = subjects.get(name)?.[who];
    if (subject === undefined) throw new Error('nobody');
    const result = await runSubject(subject, 40);
    expect(result.wrong).toBeUndefined();
    expect(result.calls).toBeGreaterThan(1);
  },
);
