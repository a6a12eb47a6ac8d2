import { identityTools } from './identity-tools.ts';
import { noteTools } from './note-tools.ts';
import type { Tool } from './tool.ts';
import { workTools } from './work-tools.ts';

/** Every tool the target registers, on both SDK lines. */
export const tools: readonly Tool[] = [...identityTools, ...noteTools, ...workTools];
