import type { PresentedToken } from '../authenticator/presented-token.ts';
import type { VerifiedToken } from '../authenticator/verified-token.ts';
import { runStep, skipStep, type ExplainedStep } from './explained-step.ts';
import type { Workbench } from './workbench.ts';

/** What is checked on every use of a token. */
export async function explainUse(token: string, verified: VerifiedToken, bench: Workbench): Promise<ExplainedStep[]> {
  const { options, checkRevocation, binding } = bench;
  const { jkt, 'x5t#S256': certificate } = verified.confirmation ?? {};
  const revocation = {
    name: 'revocation',
    seen: `jti ${verified.principal.tokenId ?? 'absent'}`,
    expected: 'not revoked',
  } as const;
  const bound = {
    name: 'binding',
    seen:
      verified.confirmation === null
        ? 'not bound'
        : `bound to ${jkt !== undefined ? 'a DPoP key' : certificate !== undefined ? 'a certificate' : 'something unknown'}`,
    expected: options.dpop?.mode === 'require' ? 'bound to a DPoP key' : 'not bound, or the request proves possession',
  } as const;
  const presented: PresentedToken = { scheme: 'bearer', token, method: 'POST', proofs: [] };
  const dpop = options.dpop?.mode ?? 'off';
  const provable =
    (jkt !== undefined && dpop !== 'off') ||
    (jkt === undefined && certificate !== undefined && options.clientCertificate === true && dpop !== 'require');
  return [
    options.revocations === undefined
      ? skipStep(revocation, 'the revocations of the running server are in its memory')
      : await runStep(revocation, () => checkRevocation(verified)),
    provable
      ? skipStep(
          bound,
          `the request has to prove that it holds ${jkt !== undefined ? `the key ${jkt}` : 'the certificate'}`,
        )
      : await runStep(bound, () => binding.check(presented, verified)),
  ];
}
