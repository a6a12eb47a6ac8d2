import { Refusal } from '@sallyport/core';
import type { Issuer } from '../authenticator/issuer.ts';
import { checkAudience } from '../jwt/check-audience.ts';
import { checkTimes } from '../jwt/check-times.ts';
import type { Claims } from '../jwt/decode-jwt.ts';
import { isIdentifier } from '../jwt/identifier.ts';
import { readActors } from '../jwt/read-actors.ts';
import { checkTenant, readPrincipal } from '../jwt/read-principal.ts';
import { quote, refuse } from '../refuse.ts';
import { runStep, type ExplainedStep } from './explained-step.ts';

/** Checks every claim for itself, with the very functions that decide about tokens. */
export async function explainClaims(claims: Claims, issuer: Issuer, nowSeconds: number): Promise<ExplainedStep[]> {
  const { policy } = issuer;
  const { tenant, audience, clockSkewSeconds: skew } = policy;
  const clientId = policy.map.clientId(claims);
  const { exp, nbf, iat, sub } = claims;
  const now = timeText(Math.floor(nowSeconds));
  /** The times of the token that are named, the others such that they can not be what is wrong. */
  const times = (named: Claims): unknown =>
    checkTimes({ exp: nowSeconds + 86_400, ...named }, nowSeconds, skew, { issuedAt: true });
  const steps = [
    ...(tenant === undefined
      ? []
      : [
          await runStep({ name: 'tenant', seen: quote(claims['tid']), expected: `tid ${tenant.id}` }, () =>
            checkTenant(claims, tenant),
          ),
        ]),
    await runStep(
      { name: 'aud', seen: audienceText(claims['aud']), expected: audienceRule(audience.accepted, audience.absent) },
      () => checkAudience(claims, audience, clientId),
    ),
    await runStep({ name: 'exp', seen: timeText(exp), expected: `after ${now}, ${skew} s tolerated` }, () =>
      checkTimes({ exp }, nowSeconds, skew, { issuedAt: true }),
    ),
    await runStep(
      { name: 'nbf', seen: timeText(nbf), expected: `absent, or not after ${now}, ${skew} s tolerated` },
      () => times({ nbf }),
    ),
    await runStep(
      { name: 'iat', seen: timeText(iat), expected: `not after ${now}, ${skew} s tolerated, nor after exp` },
      () => checkIssuedAt(claims, times),
    ),
    await runStep({ name: 'sub', seen: quote(sub, 255), expected: 'a string of 1 to 255 printable characters' }, () => {
      if (!isIdentifier(sub)) throw refuse('malformed_token', 'sub is not a string of 1 to 255 printable characters');
    }),
    await runStep({ name: 'client', seen: quote(clientId, 255), expected: clientRule(issuer) }, () =>
      checkClient(clientId, issuer),
    ),
  ];
  const soFar = steps.every(({ status }) => status === 'pass');
  return [...steps, await explainOthers(claims, issuer, soFar ? nowSeconds : undefined)];
}

/** The other claims that have to be in their form. With a time the whole check runs too: it proves that nothing was left out above. */
function explainOthers(claims: Claims, { policy }: Issuer, nowSeconds: number | undefined): Promise<ExplainedStep> {
  const { sid, act } = claims;
  const tokenId = policy.map.tokenId(claims);
  const names = ['jti', 'uti', 'sid', 'act', 'cnf'].filter((name) => claims[name] !== undefined);
  return runStep(
    { name: 'others', seen: names.join(' ') || 'none', expected: 'jti, sid, act in their form where they are there' },
    () => {
      if (tokenId !== undefined && !isIdentifier(tokenId, 256))
        throw refuse('malformed_token', 'jti is not a string of 1 to 256 printable characters');
      if (sid !== undefined && !isIdentifier(sid))
        throw refuse('malformed_token', 'sid is not a string of 1 to 255 printable characters');
      readActors(act);
      if (nowSeconds !== undefined) readPrincipal(claims, policy, nowSeconds, () => undefined);
    },
  );
}

function checkIssuedAt({ exp, iat }: Claims, times: (named: Claims) => unknown): void {
  if (iat === undefined) throw refuse('malformed_token', 'iat is missing or not a finite number');
  times({ iat });
  if (typeof iat === 'number' && typeof exp === 'number' && iat > exp)
    throw refuse('malformed_token', 'iat is after exp');
}

function checkClient(clientId: unknown, { policy }: Issuer): void {
  if (!isIdentifier(clientId))
    throw refuse('malformed_token', 'the client id is not a string of 1 to 255 printable characters');
  if (policy.allowedClients?.has(clientId) === false)
    throw new Refusal('client_not_allowed', { detail: { problem: 'the client is not in allowedClients' } });
}

function clientRule({ profile, policy }: Issuer): string {
  const where = profile.clientId.join(' or ');
  if (policy.allowedClients === undefined) return `any client, in ${where}`;
  return `one of ${[...policy.allowedClients].join(', ')}, in ${where}`;
}

function audienceRule(accepted: ReadonlySet<string>, absent: string): string {
  const names = [...accepted].join(' or ');
  return absent === 'client' ? `${names} (the client id, where there is no aud)` : names;
}

function audienceText(aud: unknown): string {
  return Array.isArray(aud) ? quote(aud.map((entry) => quote(entry, 256)).join(' '), 512) : quote(aud, 256);
}

/** A time of a token: the number and what it means. */
function timeText(value: unknown): string {
  if (typeof value !== 'number') return quote(value);
  const date = new Date(value * 1_000);
  return Number.isNaN(date.getTime()) ? String(value) : `${value} (${date.toISOString().replace(/\.\d+Z$/, 'Z')})`;
}
