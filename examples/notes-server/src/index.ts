export { buildServer } from './build-server.ts';
export { createGuardedApp } from './guarded-app.ts';
