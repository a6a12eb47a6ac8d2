export type { Authenticator, AuthenticatorOptions, IssuerStatus } from './authenticator/authenticator.ts';
export { createAuthenticator } from './authenticator/create-authenticator.ts';
export type { IssuerOptions } from './authenticator/issuer-options.ts';
export type { DpopOptions } from './binding/dpop-options.ts';
export { readClientCertificate } from './binding/read-client-certificate.ts';
export type { PresentedToken } from './authenticator/presented-token.ts';
export {
  formatChallenge,
  type ChallengeError,
  type ChallengeScheme,
  type FormatChallengeOptions,
} from './challenge/format-challenge.ts';
export { authorizationServers } from './profile/tenant-template.ts';
export { formatChallenges, type FormatChallengesOptions } from './challenge/format-challenges.ts';
export {
  attemptedScheme,
  readCredential,
  type Credential,
  type ReadCredentialOptions,
} from './credential/read-credential.ts';
export {
  protectedResourceMetadata,
  type ProtectedResourceMetadata,
  type ProtectedResourceMetadataOptions,
} from './discovery/protected-resource-metadata.ts';
export { resourceMetadataPaths, resourceMetadataUrl } from './discovery/resource-metadata-url.ts';
export type { ClientAuthenticationMethod, IntrospectionOptions } from './introspection/introspection-options.ts';
export {
  createEnterpriseAuthenticator,
  type EnterpriseAuthenticator,
} from './enterprise/create-enterprise-authenticator.ts';
export { decideIdentity, type Identity } from './enterprise/decide-identity.ts';
export {
  readEnterpriseToken,
  type EnterpriseCredential,
  type ReadEnterpriseTokenOptions,
} from './enterprise/read-enterprise-token.ts';
export { createDocumentFetcher, type CreateDocumentFetcherOptions } from './fetch/create-document-fetcher.ts';
export type { LogoutOptions } from './logout/logout-options.ts';
export { revocationsOf, type Logout } from './logout/logout.ts';
export { readLogoutRequest } from './logout/read-logout-request.ts';
export { appendRevocation } from './revocation/append-revocation.ts';
export { openRevocationFile } from './revocation/open-revocation-file.ts';
export type { OpenRevocationFileOptions, RevocationFile, RevocationFileStatus } from './revocation/revocation-file.ts';
export type { RevocationLine } from './revocation/revocation-line.ts';
export type { ClaimOverrides } from './profile/claim-map.ts';
export type { ClaimPath } from './profile/claim-path.ts';
export type { ProfileName } from './profile/issuer-profile.ts';
export { explainToken, type ExplainTokenOptions, type TokenExplanation } from './explain/explain-token.ts';
export type { ExplainedStep, ExplainedStepName } from './explain/explained-step.ts';
export {
  inspectIssuer,
  type InspectedKey,
  type InspectedMetadata,
  type InspectIssuerOptions,
  type IssuerInspection,
} from './explain/inspect-issuer.ts';
