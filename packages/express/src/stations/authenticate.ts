import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal, type ObserverEvent, type Principal } from '@sallyport/core';
import { decideIdentity, type Credential, type EnterpriseAuthenticator, type PresentedToken } from '@sallyport/token';
import { elapsedMs, type Passage } from '../passage/passage.ts';
import type { Station } from '../passage/station.ts';
import type { Runtime } from '../suite/runtime.ts';

/**
 * Station 4: a credential becomes a principal, from headers alone: not a byte of the body is read before.
 * With `publicMethods` a tokenless POST goes on as anonymous; `authorize` refuses it unless its method is listed.
 */
export const authenticateStation: Station = {
  name: 'authenticate',
  run(passage, req, res) {
    const fromMs = elapsedMs(passage);
    const arrived = (): void => {
      passage.stages = [{ name: 'authenticate', fromMs, toMs: elapsedMs(passage) }];
      if (passage.principal) passage.runtime.observer.emit(accepted);
    };
    const failed = (error: unknown): never => {
      const reason = error instanceof Refusal ? error.reason : 'internal_error';
      passage.runtime.observer.emit({ type: 'identity.decided', effect: 'deny', reason });
      throw error;
    };
    try {
      const authenticating = authenticate(passage, req, res);
      return authenticating === undefined ? arrived() : authenticating.then(arrived, failed);
    } catch (error) {
      return failed(error);
    }
  },
};

/** Made once: there is one for every request. */
const accepted: ObserverEvent = { type: 'identity.decided', effect: 'allow' };

function authenticate(passage: Passage, req: IncomingMessage, res: ServerResponse): Promise<void> | undefined {
  const { runtime, credential, enterprise } = passage;
  if (enterprise.kind === 'token') return authenticateEnterprise(passage, enterprise.token, req, res);
  if (credential.kind === 'unsupported') throw new Refusal('bad_scheme');
  if (credential.kind === 'none') {
    if (runtime.config.publicMethods.length === 0 || req.method !== 'POST')
      throw noCredential(enterprise.kind === 'untrusted');
    passage.principal = null;
    return undefined;
  }
  const principal = authenticateToken(passage, credential, req, res);
  if (!(principal instanceof Promise)) {
    passage.principal = principal;
    return undefined;
  }
  return principal.then((proven) => {
    passage.principal = proven;
  });
}

/** Who is not believed has presented nothing: the answer is the one of a request without a token, the record says why. */
function noCredential(untrusted: boolean): Refusal {
  return untrusted ? new Refusal('untrusted_header', { shownAs: 'no_token' }) : new Refusal('no_token');
}

/**
 * The enterprise token decides. An access token beside it has to hold too, and to be of the same identity; another scheme counts as no
 * credential, as always.
 */
async function authenticateEnterprise(
  passage: Passage,
  token: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { runtime, credential } = passage;
  passage.enterprise = { kind: 'none' };
  const bearer = 'token' in credential ? () => authenticateToken(passage, credential, req, res) : undefined;
  const identity = await decideIdentity(() => requireEnterprise(runtime).authenticate(token), bearer);
  if (identity.kind === 'one') {
    passage.principal = identity.principal;
    return;
  }
  const { enterprise, bearer: other } = identity;
  // The record names both.
  passage.principal = enterprise;
  const { issuer: iss, subject: sub, clientId } = other;
  throw new Refusal('conflict_identity', { detail: { other: { iss, sub, clientId } } });
}

function requireEnterprise({ enterprise }: Runtime): EnterpriseAuthenticator {
  if (enterprise === undefined) throw new Refusal('internal_error');
  return enterprise.authenticator;
}

function authenticateToken(
  passage: Passage,
  credential: TokenCredential,
  req: IncomingMessage,
  res: ServerResponse,
): Principal | Promise<Principal> {
  passage.credential = { kind: 'none' };
  offerNonce(passage, credential, res);
  return passage.runtime.authenticator.authenticate(presentedToken(passage, credential, req.method ?? ''));
}

type TokenCredential = Extract<Credential, { readonly token: string }>;

function presentedToken({ certificate }: Passage, credential: TokenCredential, method: string): PresentedToken {
  return {
    scheme: credential.kind,
    token: credential.token,
    method,
    // A proof beside a bearer token proves nothing and is not looked at (RFC 9449 §7.2).
    proofs: credential.kind === 'dpop' ? credential.proofs : [],
    certificate: certificate?.certificate,
    certificateProblem: certificate?.certificateProblem,
  };
}

/** Who proves with DPoP learns the nonce of the next proof from every answer, also from a refusal (RFC 9449 §8.2, §9). */
function offerNonce({ runtime }: Passage, credential: TokenCredential, res: ServerResponse): void {
  const nonce = credential.kind === 'dpop' ? runtime.authenticator.dpopNonce() : undefined;
  if (nonce !== undefined) res.setHeader('DPoP-Nonce', nonce);
}
