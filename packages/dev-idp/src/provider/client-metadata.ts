import type { JWK } from 'jose';
import type { ClientMetadata } from 'oidc-provider';
import type { DevMachineClient, DevRunningClients } from '../directory/demo-clients.ts';
import type { SigningAlgorithm } from '../keys/signing-keys.ts';

/** The registered clients as oidc-provider wants them (RFC 7591 names). `algorithm` signs introspection responses. */
export function clientMetadata(clients: DevRunningClients, algorithm: SigningAlgorithm): ClientMetadata[] {
  return [
    {
      client_id: clients.app.clientId,
      client_name: 'Sallyport demo',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [...clients.app.redirectUris],
    },
    machine(clients.robot),
    machine(clients.courier),
    {
      ...resourceServer(algorithm),
      client_id: clients.resourceServer.clientId,
      client_secret: clients.resourceServer.clientSecret,
    },
    {
      ...resourceServer(algorithm),
      client_id: clients.keyedResourceServer.clientId,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicPart(clients.keyedResourceServer.privateKey)] },
    },
  ];
}

function machine({ clientId, clientSecret }: DevMachineClient): ClientMetadata {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  };
}

/** It asks for nothing; it only introspects. Signed answers (RFC 9701) it gets when it asks for them with `Accept`. */
function resourceServer(algorithm: SigningAlgorithm): Omit<ClientMetadata, 'client_id'> {
  return { grant_types: [], response_types: [], redirect_uris: [], introspection_signed_response_alg: algorithm };
}

function publicPart({ d: _private, ...jwk }: JWK): NonNullable<ClientMetadata['jwks']>['keys'][number] {
  return jwk;
}
