import type { CheckpointAnchor } from './checkpoint-anchor.ts';
import { createFileAnchor } from './file-anchor.ts';
import { createHttpAnchor } from './http-anchor.ts';
import { createOtlpAnchor } from './otlp-anchor.ts';

/** An anchor as the configuration names it. */
export type AnchorConfig =
  | { readonly type: 'file'; readonly path: string; readonly intervalSeconds?: number }
  | {
      readonly type: 'http' | 'otlp';
      readonly url: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly intervalSeconds?: number;
    };

/**
 * Makes the anchor of a configuration; one that was injected is itself.
 *
 * @throws SetupError `ERR_CONFIG_INVALID` or `ERR_AUDIT_EXPORT` when its address can not be used.
 */
export async function createAnchor(anchor: CheckpointAnchor | AnchorConfig): Promise<CheckpointAnchor> {
  if ('publish' in anchor) return anchor;
  if (anchor.type === 'file') return createFileAnchor(anchor);
  return anchor.type === 'http' ? createHttpAnchor(anchor) : createOtlpAnchor(anchor);
}
