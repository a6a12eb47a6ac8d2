import { fileURLToPath } from 'node:url';

/** The built command. */
export const builtCommand: string = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
