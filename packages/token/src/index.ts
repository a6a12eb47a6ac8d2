export type { Authenticator, AuthenticatorOptions, IssuerStatus } from './authenticator/authenticator.ts';
export { createAuthenticator } from './authenticator/create-authenticator.ts';
export type { IssuerOptions } from './authenticator/issuer-options.ts';
export { formatChallenge, type ChallengeError, type FormatChallengeOptions } from './challenge/format-challenge.ts';
export { readCredential, type Credential, type ReadCredentialOptions } from './credential/read-credential.ts';
export {
  protectedResourceMetadata,
  type ProtectedResourceMetadata,
  type ProtectedResourceMetadataOptions,
} from './discovery/protected-resource-metadata.ts';
export { resourceMetadataPaths, resourceMetadataUrl } from './discovery/resource-metadata-url.ts';
export type { TokenLogger } from './log.ts';
