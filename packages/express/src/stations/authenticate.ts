import { Refusal } from '@sallyport/core';
import type { Station } from '../passage/station.ts';

/**
 * Station 4: a credential becomes a principal, from headers alone: not a byte of the body is read before.
 * With `publicMethods` a tokenless POST goes on as anonymous; `authorize` refuses it unless its method is listed.
 */
export const authenticateStation: Station = {
  name: 'authenticate',
  run(passage, req) {
    const { runtime, credential } = passage;
    if (credential.kind === 'unsupported') throw new Refusal('bad_scheme');
    if (credential.kind === 'none') {
      if (runtime.config.publicMethods.length === 0 || req.method !== 'POST') throw new Refusal('no_token');
      passage.principal = null;
      return undefined;
    }
    const { token } = credential;
    passage.credential = { kind: 'none' };
    const principal = runtime.authenticator.authenticate(token);
    if (!(principal instanceof Promise)) {
      passage.principal = principal;
      return undefined;
    }
    return principal.then((proven) => {
      passage.principal = proven;
    });
  },
};
