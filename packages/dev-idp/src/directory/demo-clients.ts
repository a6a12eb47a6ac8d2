import type { JWK } from 'jose';

/** A native application with PKCE and without a secret. */
export interface DevPublicClient {
  readonly clientId: string;
  /** Registered without port: RFC 8252 §7.3 lets a native application use any. */
  readonly redirectUris: readonly string[];
}

/** A machine that uses `client_credentials`; its principal has its client id as subject (RFC 9068 §2.2). */
export interface DevMachineClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The scopes it may be granted, or `any` for every scope the resource knows. */
  readonly scopes: readonly string[] | 'any';
}

/** A resource server, which may introspect every token. */
export interface DevResourceServerClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A resource server that proves who it is with `private_key_jwt` (RFC 7523 §2.2) and may introspect every token. */
export interface DevKeyedResourceServerClient {
  readonly clientId: string;
  /** ES256, with its `kid`; new at each start. */
  readonly privateKey: JWK;
}

export interface DevClients {
  readonly app: DevPublicClient;
  readonly robot: DevMachineClient;
  readonly courier: DevMachineClient;
  readonly resourceServer: DevResourceServerClient;
}

/** The clients of a provider that runs. */
export interface DevRunningClients extends DevClients {
  readonly keyedResourceServer: DevKeyedResourceServerClient;
}

const paths = ['', '/', '/callback', '/oauth/callback'];
const hosts = ['127.0.0.1', 'localhost', '[::1]'];

/** The registered clients. Their secrets are public and protect nothing: this provider signs in whoever asks anyway. */
export const demoClients: DevClients = {
  app: {
    clientId: 'sallyport-demo',
    redirectUris: hosts.flatMap((host) => paths.map((path) => `http://${host}${path}`)),
  },
  robot: { clientId: 'robot', clientSecret: 'robot-development-secret', scopes: 'any' },
  courier: { clientId: 'courier', clientSecret: 'courier-development-secret', scopes: ['echo:call'] },
  resourceServer: { clientId: 'mcp', clientSecret: 'mcp-development-secret' },
};
