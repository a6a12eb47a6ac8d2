export type { DevIdp } from './dev-idp.ts';
export type { DevIdpOptions } from './dev-idp-options.ts';
export {
  demoClients,
  type DevClients,
  type DevKeyedResourceServerClient,
  type DevMachineClient,
  type DevPublicClient,
  type DevResourceServerClient,
  type DevRunningClients,
} from './directory/demo-clients.ts';
export type { DevUser } from './directory/demo-users.ts';
export type { DevResource } from './directory/dev-resource.ts';
export type { DevEndpoint } from './http/endpoints.ts';
export type { DevFailure, DevFailureMode } from './http/failures.ts';
export type { TokenBinding } from './keys/confirmation.ts';
export type { MintLogoutTokenOptions } from './keys/mint-logout-token.ts';
export type { MintTokenOptions } from './keys/mint-token.ts';
export type { SigningAlgorithm } from './keys/signing-keys.ts';
export type { ClientIdMetadataDocuments } from './provider/client-documents.ts';
export type { MintOpaqueTokenOptions } from './provider/mint-opaque-token.ts';
export { startDevIdp } from './start-dev-idp.ts';
