/** The endpoints whose requests are counted and which can be made to fail. */
export type DevEndpoint =
  | 'metadata'
  | 'jwks'
  | 'authorization'
  | 'token'
  | 'introspection'
  | 'revocation'
  | 'registration'
  | 'other';

const paths: ReadonlyMap<string, DevEndpoint> = new Map<string, DevEndpoint>([
  ['/.well-known/openid-configuration', 'metadata'],
  ['/.well-known/oauth-authorization-server', 'metadata'],
  ['/jwks', 'jwks'],
  ['/auth', 'authorization'],
  ['/token', 'token'],
  ['/token/introspection', 'introspection'],
  ['/token/revocation', 'revocation'],
  ['/reg', 'registration'],
]);

/** The endpoint of a request target. */
export function endpointOf(target: string): DevEndpoint {
  return paths.get(target.split('?', 1)[0] ?? '') ?? 'other';
}
