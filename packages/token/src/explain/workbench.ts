import type { Clock } from '@sallyport/core';
import type { IssuerSet } from '../authenticator/issuer-set.ts';
import type { Binding } from '../binding/create-binding.ts';
import type { RevocationCheck } from '../revocation/create-revocation-check.ts';
import type { ExplainTokenOptions } from './explain-token.ts';

/** What a server with these options has to check tokens with. */
export interface Workbench {
  readonly issuers: IssuerSet;
  readonly clock: Clock;
  readonly offline: boolean;
  readonly options: ExplainTokenOptions;
  readonly checkRevocation: RevocationCheck;
  readonly binding: Binding;
}
