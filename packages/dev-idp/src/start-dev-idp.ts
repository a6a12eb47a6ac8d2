import { createServer, type Server } from 'node:http';
import { resolveOptions, resolveResource, type DevIdpOptions } from './dev-idp-options.ts';
import { demoClients, type DevClients } from './directory/demo-clients.ts';
import type { DevUser } from './directory/demo-users.ts';
import type { DevResource } from './directory/dev-resource.ts';
import { answerAtTheDoor } from './http/loopback.ts';
import { mintToken, type MintTokenOptions } from './keys/mint-token.ts';
import { generateSigningKeys } from './keys/signing-keys.ts';
import { loadOidcProvider } from './provider/load-oidc-provider.ts';
import { providerConfiguration } from './provider/provider-configuration.ts';

export interface DevIdp {
  /** `http://127.0.0.1:<port>`; metadata is at both well-known locations below it. */
  readonly issuer: string;
  readonly port: number;
  readonly clients: DevClients;
  readonly users: readonly DevUser[];
  /** Makes a resource known that was not when the provider started; the same identifier again replaces it. */
  addResource(resource: string | DevResource): void;
  /** An access token without a flow, right or deliberately wrong; see `MintTokenOptions`. Always a JWT. */
  mintToken(options: MintTokenOptions): Promise<string>;
  /** Stops listening and cuts every connection. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts an OpenID provider on loopback for demos and tests. It signs in whoever asks, without a password, and its secrets
 * are public: never use it for anything real.
 *
 * Every authorization request is answered with a redirect to the client's `redirect_uri` at once, so a client without a browser
 * needs one request that does not follow redirects, and no cookies. `login_hint` chooses the user.
 * Granted are the scopes that were requested, that the resource knows, and that the user may have; possibly none.
 *
 * Keys, tokens and registrations live in memory and are new at each start.
 *
 * @throws TypeError for a wrong option, or the system's error when it can not listen.
 */
export async function startDevIdp(options: DevIdpOptions = {}): Promise<DevIdp> {
  const resolved = resolveOptions(options);
  const resources = new Map(resolved.resources.map((resource) => [resource.resource, resource]));
  const [library, keys] = await Promise.all([loadOidcProvider(), generateSigningKeys()]);

  const server = createServer();
  const port = await listen(server, resolved.host, resolved.port);
  const issuer = `http://${resolved.host.includes(':') ? `[${resolved.host}]` : resolved.host}:${port}`;
  const configuration = providerConfiguration({ options: resolved, clients: demoClients, keys, resources, library });
  const handle = new library.Provider(issuer, configuration).callback();
  server.on('request', (request, response) => {
    if (!answerAtTheDoor(request, response)) void handle(request, response);
  });
  if (!resolved.quiet) process.stderr.write(warning(issuer));

  const [first] = resolved.resources;
  return {
    issuer,
    port,
    clients: demoClients,
    users: [...resolved.users.values()],
    addResource(resource) {
      const added = resolveResource(resource, resolved, 'resource');
      resources.set(added.resource, added);
    },
    async mintToken(wanted) {
      const { user, subject } = wanted;
      if (user !== undefined && !resolved.users.has(user)) throw new TypeError(`dev IdP: there is no user ${user}`);
      const client = user === undefined && subject === undefined ? demoClients.robot : demoClients.app;
      const clientId = wanted.clientId ?? client.clientId;
      const resource = wanted.resource ?? first?.resource ?? issuer;
      const defaults = {
        issuer,
        subject: user ?? subject ?? clientId,
        clientId,
        resource,
        expiresInSeconds: wanted.expiresInSeconds ?? resolved.accessTokenSeconds,
        algorithm: resources.get(resource)?.algorithm ?? resolved.algorithm,
      };
      return mintToken(keys, defaults, wanted);
    },
    close: () => close(server),
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function warning(issuer: string): string {
  return `\n  DEVELOPMENT ONLY: ${issuer} signs in whoever asks, without a password.\n  Never let a real server trust it.\n\n`;
}
