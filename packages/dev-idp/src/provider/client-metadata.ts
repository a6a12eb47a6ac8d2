import type { ClientMetadata } from 'oidc-provider';
import type { DevClients, DevMachineClient } from '../directory/demo-clients.ts';

/** The registered clients as oidc-provider wants them (RFC 7591 names). */
export function clientMetadata(clients: DevClients): ClientMetadata[] {
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
      client_id: clients.resourceServer.clientId,
      client_secret: clients.resourceServer.clientSecret,
      grant_types: [],
      response_types: [],
      redirect_uris: [],
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
