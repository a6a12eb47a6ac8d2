export { mount, type MountableApp, type MountableHandler } from './handler/mount.ts';
export { callOf, principalOf, type ToolContext } from './handler/principal-of.ts';
export { statelessHandler, type StatelessHandler } from './handler/stateless-handler.ts';
export { guardServer } from './server/guard-server.ts';
export {
  authenticate,
  authorize,
  commit,
  headers,
  limit,
  match,
  network,
  readCall,
  record,
  route,
} from './stations/stations.ts';
export { createSallyport, type CreateSallyportOptions } from './suite/create-sallyport.ts';
export type { RevokeRequest } from './suite/revoke.ts';
export type { Readiness, Sallyport } from './suite/sallyport.ts';
