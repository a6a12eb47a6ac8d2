import { Refusal, type Clock } from '@sallyport/core';
import type { Issuer } from '../authenticator/issuer.ts';
import type { IssuerSet } from '../authenticator/issuer-set.ts';
import { checkKeyIssuer } from '../authenticator/verify-token.ts';
import { checkTokenType } from '../jwt/check-token-type.ts';
import { decodeCompactJws, parseClaims, type Claims } from '../jwt/decode-jwt.ts';
import { verifySignature } from '../jwt/verify-signature.ts';
import { findKey } from '../keys/find-key.ts';
import type { VerificationKey } from '../keys/verification-key.ts';
import type { ProfileName } from '../profile/issuer-profile.ts';
import { quote, refuse } from '../refuse.ts';
import { explainClaims } from './explain-claims.ts';
import { problemOf, runStep, skipStep, type ExplainedStep } from './explained-step.ts';

export interface ExplainedJwt {
  readonly kind: 'jwt' | 'unknown';
  readonly steps: readonly ExplainedStep[];
  readonly profile?: ProfileName;
  readonly header?: Claims;
  readonly claims?: Claims;
}

/** Runs every check of a JWT for itself, whatever the others say. */
export async function explainJwt(token: string, issuers: IssuerSet, clock: Clock): Promise<ExplainedJwt> {
  let header: Claims;
  let claims: Claims;
  try {
    const jws = decodeCompactJws(token);
    header = jws.header;
    claims = parseClaims(jws.payload, 'payload');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const looksEncrypted = token.split('.').length === 5;
    const seen = looksEncrypted ? 'five segments, like an encrypted token' : 'no JWT that can be read';
    const step = {
      name: 'form',
      seen,
      expected: 'a signed JWT: three segments in base64url, strict JSON inside',
      status: 'fail',
    } as const;
    return { kind: 'unknown', steps: [{ ...step, reason: error.reason, problem: problemOf(error) }] };
  }
  const named = typeof claims['iss'] === 'string' ? issuers.byIss.get(claims['iss']) : undefined;
  const only = issuers.byIss.size === 1 ? [...issuers.byIss.values()][0] : undefined;
  const judge = named ?? only;
  const nowSeconds = clock.now() / 1_000;
  return {
    kind: 'jwt',
    ...(judge !== undefined && { profile: judge.profile.name }),
    header,
    claims,
    steps: [
      {
        name: 'form',
        status: 'pass',
        seen: 'a signed JWT',
        expected: 'a signed JWT: three segments in base64url, strict JSON inside',
      },
      ...(await explainSignature(token, header, named, issuers)),
      await runStep({ name: 'typ', seen: typeText(header, claims), expected: typeRule(judge, issuers) }, () =>
        checkTokenType(header, claims, judge?.profile ?? issuers.anyProfile),
      ),
      await runStep(
        { name: 'iss', seen: quote(claims['iss'], 256), expected: [...issuers.byIss.keys()].join(' or ') },
        () => {
          if (named === undefined) throw refuse('iss_unknown', 'iss is not configured');
        },
      ),
      ...(judge === undefined ? [] : await explainClaims(claims, judge, nowSeconds)),
    ],
  };
}

async function explainSignature(
  token: string,
  header: Claims,
  issuer: Issuer | undefined,
  issuers: IssuerSet,
): Promise<ExplainedStep[]> {
  const { alg, kid } = header;
  const algorithms = issuer?.algorithms ?? issuers.algorithms;
  const first = await runStep({ name: 'alg', seen: quote(alg), expected: [...algorithms].join(', ') }, () => {
    if (typeof alg !== 'string' || !algorithms.has(alg)) throw refuse('alg_not_allowed', 'alg is not allowed');
  });
  const keyCheck = { name: 'key', seen: `kid ${quote(kid)}`, expected: 'a key of the issuer for this alg' } as const;
  const signatureCheck = { name: 'signature', seen: 'there is one', expected: 'made with that key' } as const;
  if (first.status === 'fail' || issuer === undefined || typeof alg !== 'string') {
    const why = issuer === undefined ? 'the issuer is not configured: it has no keys here' : 'the alg is not allowed';
    return [first, skipStep(keyCheck, why), skipStep(signatureCheck, why)];
  }
  let key: VerificationKey | undefined;
  const second = await runStep(keyCheck, async () => {
    const found = await findKey(issuer.keys, typeof kid === 'string' ? kid : undefined, alg);
    checkKeyIssuer(found, issuer);
    key = found;
  });
  const usable = key;
  if (usable === undefined) return [first, second, skipStep(signatureCheck, 'there is no key to check it with')];
  return [first, second, await runStep(signatureCheck, () => verifySignature(token, usable, alg))];
}

function typeText({ typ }: Claims, claims: Claims): string {
  const inside = ['typ', 'token_use']
    .filter((name) => claims[name] !== undefined)
    .map((name) => `${name} ${quote(claims[name])} in the payload`);
  return [quote(typ), ...inside].join(', ');
}

function typeRule(issuer: Issuer | undefined, { anyProfile }: IssuerSet): string {
  const types = [...(issuer?.profile ?? anyProfile).types].map((type) => type ?? 'no typ').join(' or ');
  return `${types}, and nothing only other kinds of token have`;
}
