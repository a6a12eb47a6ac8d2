export type { DevIdpOptions } from './dev-idp-options.ts';
export {
  demoClients,
  type DevClients,
  type DevMachineClient,
  type DevPublicClient,
  type DevResourceServerClient,
} from './directory/demo-clients.ts';
export type { DevUser } from './directory/demo-users.ts';
export type { DevResource } from './directory/dev-resource.ts';
export type { MintTokenOptions } from './keys/mint-token.ts';
export type { SigningAlgorithm } from './keys/signing-keys.ts';
export { startDevIdp, type DevIdp } from './start-dev-idp.ts';
