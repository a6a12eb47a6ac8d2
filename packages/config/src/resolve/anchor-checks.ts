import { readStrictUrl } from '../checks/strict-url.ts';
import type { Problem } from '../problem/problem.ts';
import type { Path } from '../schema/annotated-schema.ts';
import type { AnchorInput } from '../types/audit-anchor.ts';
import { checkHeaders } from './export-checks.ts';
import { invalid } from './issuer-checks.ts';

/** Checks of `audit.anchors` that need more than one field. */
export function checkAnchors(anchors: readonly AnchorInput[]): readonly Problem[] {
  return anchors.flatMap((anchor, index) => checkAnchor(['audit', 'anchors', index], anchor));
}

function checkAnchor(path: Path, anchor: AnchorInput): readonly Problem[] {
  const { type, url, headers = {} } = anchor;
  const [needed, others] = type === 'file' ? (['path', ['url', 'headers']] as const) : (['url', ['path']] as const);
  const problems = others
    .filter((key) => anchor[key] !== undefined)
    .map((key) => invalid([...path, key], `has no meaning with the type "${type}"`, 'remove it'));
  if (anchor[needed] === undefined) {
    const example = type === 'file' ? '/mnt/evidence/checkpoints.jsonl' : 'https://evidence.example.com/checkpoints';
    problems.push(invalid([...path, needed], 'is missing', `add it, for example "${example}"`));
  }
  if (type !== 'file') problems.push(...checkHeaders([...path, 'headers'], headers));
  const read = url === undefined ? undefined : readStrictUrl(url, { query: true });
  if (read !== undefined && !('fault' in read) && !read.secure && !read.loopback) {
    problems.push(invalid([...path, 'url'], 'uses http on a host that is not loopback', 'use https'));
  }
  return problems;
}
