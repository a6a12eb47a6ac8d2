/** Who checks the token: the guard, `requireBearerAuth` with jose, or jose's bare check of the signature. */
export type SubjectName = 'sallyport' | 'official' | 'bare';

export type CaseName = 'cached' | 'opaque-cached' | 'rs256' | 'es256' | 'eddsa' | 'expired' | 'wrong-audience' | 'dpop';

/** What the guard may cost at most: processor time in microseconds, or as a multiple of the bare check. */
export type Limit = { readonly micros: number } | { readonly ofBare: number };

/** A kind of token that is checked again and again. */
export interface TokenCase {
  readonly name: CaseName;
  readonly what: string;
  readonly subjects: readonly SubjectName[];
  readonly limit?: Limit;
}

const all: readonly SubjectName[] = ['sallyport', 'official', 'bare'];
const cachedLimit: Limit = { micros: 15 };
const checkedLimit: Limit = { ofBare: 1.3 };

export const tokenCases: readonly TokenCase[] = [
  {
    name: 'cached',
    what: 'RS256, seen before by the guard; the official verifier checks it each time',
    subjects: ['sallyport', 'official'],
    limit: cachedLimit,
  },
  {
    name: 'opaque-cached',
    what: 'opaque, asked about before',
    subjects: ['sallyport'],
    limit: cachedLimit,
  },
  { name: 'rs256', what: 'RS256 (2048 bit), not in the cache', subjects: all, limit: checkedLimit },
  { name: 'es256', what: 'ES256, not in the cache', subjects: all },
  { name: 'eddsa', what: 'EdDSA (Ed25519), not in the cache', subjects: all },
  { name: 'expired', what: 'RS256, refused for its time', subjects: all, limit: checkedLimit },
  { name: 'wrong-audience', what: 'RS256, refused for its audience', subjects: all, limit: checkedLimit },
  {
    name: 'dpop',
    what: 'ES256, seen before, with a new proof each time; bare is the signature of a proof',
    subjects: ['sallyport', 'bare'],
  },
];
