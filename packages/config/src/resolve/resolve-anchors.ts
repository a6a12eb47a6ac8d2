import { resolve } from 'node:path';
import type { AnchorConfig, AnchorInput } from '../types/audit-anchor.ts';

/** Fills the defaults of the anchors and makes paths absolute. */
export function resolveAnchors(anchors: readonly AnchorInput[], baseDirectory: string): readonly AnchorConfig[] {
  return anchors.map(({ type, path = '', url = '', headers = {}, intervalSeconds = 10 }) => {
    // The checks have seen that what the type needs is there.
    if (type === 'file') return { type, path: resolve(baseDirectory, path), intervalSeconds };
    return { type, url, headers, intervalSeconds };
  });
}
