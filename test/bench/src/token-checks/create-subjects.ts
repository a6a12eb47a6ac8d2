import { algorithmOfCase, signCaseTokens } from './case-tokens.ts';
import { createDpopSubjects } from './dpop-subjects.ts';
import { createGuardSubject, createOpaqueSubject } from './guard-subjects.ts';
import type { IssuerOrder } from './protocol.ts';
import { createBareSubject, createOfficialSubject } from './reference-subjects.ts';
import type { Subject } from './subject.ts';
import { tokenCases, type SubjectName, type TokenCase } from './token-case.ts';

export type Subjects = Partial<Record<SubjectName, Subject>>;

/** Makes everybody who checks the tokens of a case. All of them get the same tokens. */
async function createSubjects({ name }: TokenCase, order: IssuerOrder): Promise<Subjects> {
  if (name === 'opaque-cached') return { sallyport: await createOpaqueSubject(order) };
  if (name === 'dpop') return createDpopSubjects(order);
  const tokens = signCaseTokens(name, order);
  const algorithm = algorithmOfCase[name];
  return {
    sallyport: await createGuardSubject(name, tokens, order),
    official: createOfficialSubject(name, tokens, order),
    bare: await createBareSubject(tokens, order.keys[algorithm], algorithm),
  };
}

/** The same for all cases, by name. */
export async function createAllSubjects(order: IssuerOrder): Promise<ReadonlyMap<string, Subjects>> {
  const subjects = new Map<string, Subjects>();
  for (const tokenCase of tokenCases) subjects.set(tokenCase.name, await createSubjects(tokenCase, order));
  return subjects;
}
