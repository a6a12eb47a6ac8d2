export { buildServer } from './build-server.ts';
export { card } from './card-in-code.ts';
export { buildServer as buildDeclaredServer } from './declared-server.ts';
export { createGuardedApp } from './guarded-app.ts';
export { showCard } from './show-card.ts';
