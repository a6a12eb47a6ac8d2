import type { MissingFact } from '@sallyport/card';

/** What can be missing, as it is told. */
const words: Readonly<Record<MissingFact, string>> = {
  arguments: 'condition on redacted arguments',
  groups: 'groups of the caller',
  roles: 'roles of the caller',
  acr: 'strength of the sign-in',
  amr: 'methods of the sign-in',
  authTime: 'time of the sign-in',
  subject: 'condition on a subject that is a pseudonym',
  issuer: 'condition on a shortened issuer',
  clientId: 'condition on a shortened client id',
  tenant: 'condition on a shortened tenant',
  scopes: 'shortened scopes',
  actors: 'condition on shortened actors',
  method: 'shortened method',
  target: 'shortened name of the target',
  targets: 'resources of a subscription',
  registered: 'target that the server did not have',
  steps: 'arguments that may be too large for the condition',
  record: 'incomplete record',
};

/** What an answer depends on, in words. */
export function missingWords(missing: readonly string[]): string {
  return missing.map((fact) => (Object.hasOwn(words, fact) ? words[fact as MissingFact] : fact)).join(' and ');
}
