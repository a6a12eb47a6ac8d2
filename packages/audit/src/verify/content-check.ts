import { createTree, type Tree, type TreeFrontier } from '../tree/tree.ts';
import type { Claim } from './claim.ts';

/** Records `from` to `to - 1`. */
export interface RecordRange {
  readonly from: number;
  readonly to: number;
}

/** Records that do not give what was written down or signed about them. */
export interface Mismatch extends RecordRange {
  /** The checkpoint that says so. */
  readonly claim: Claim;
}

/**
 * Computes the tree of a stream from its lines and holds it against every checkpoint. Where lines are missing or altered it goes
 * on from the frontier that was written down at the next segment: whatever a later checkpoint confirms, it confirms with that.
 */
export class ContentCheck {
  /** Sorted by size. */
  readonly #claims: readonly Claim[];
  readonly mismatches: Mismatch[] = [];
  /** Records that no matching checkpoint covers, though nothing speaks against them. */
  readonly uncovered: RecordRange[] = [];
  /** Sizes at which the frontier that was written down is another one than that of the lines. */
  readonly wrongFrontiers: number[] = [];
  /** Checkpoints that do not match, and a later one of the same lines that does. */
  readonly contradicted: Map<Claim, Claim> = new Map();
  covered = 0;
  #at = 0;
  #nextSize = Number.POSITIVE_INFINITY;
  #tree: Tree | undefined;
  /** The tree as it was written down at `from`, where the lines give another one. A checkpoint decides between them. */
  #other: { readonly tree: Tree; readonly from: number } | undefined;
  #coveredTo = 0;
  /** Checkpoints that did not match since the tree was begun. */
  #refuted: Claim[] = [];
  /** Size of the newest checkpoint that matched. */
  #confirmed = -1;
  /** A root was wrong since the tree was begun; all later ones are wrong with it. */
  #wrong = false;

  constructor(claims: readonly Claim[]) {
    this.#claims = claims.toSorted((a, b) => a.checkpoint.size - b.checkpoint.size);
  }

  /** False while the tree is not known: lines are missing or altered, or there is nothing to begin with. */
  get intact(): boolean {
    return this.#tree !== undefined && !this.#wrong;
  }

  /** True when the tree is that of a checkpoint of this very size. */
  confirmedAt(seq: number): boolean {
    return this.intact && this.#confirmed === seq;
  }

  /** Takes the tree up at a place; `undefined` when nobody wrote it down. */
  begin(seq: number, frontier: TreeFrontier | undefined): void {
    this.#leave(seq);
    this.#tree = frontier === undefined ? undefined : createTree(frontier);
    this.#wrong = false;
    this.#refuted = [];
    this.#coveredTo = seq;
    // Checkpoints of places that were passed without a tree stay unchecked.
    while ((this.#claims[this.#at]?.checkpoint.size ?? Number.POSITIVE_INFINITY) < seq) this.#at += 1;
    this.#nextSize = this.#claims[this.#at]?.checkpoint.size ?? Number.POSITIVE_INFINITY;
    if (this.#nextSize === seq) this.#compare(seq);
  }

  /** Holds what was written down at a place against the tree of the lines. */
  compareFrontier(frontier: TreeFrontier): void {
    const own = this.#tree?.frontier();
    const equal = own?.hashes.length === frontier.hashes.length && own.size === frontier.size;
    if (equal && own.hashes.every((hash, index) => hash.equals(frontier.hashes[index] as Uint8Array))) return;
    if (this.#confirmed === frontier.size) this.wrongFrontiers.push(frontier.size);
    else this.#other = { tree: createTree(frontier), from: frontier.size };
  }

  /** The next line, without its line feed. */
  append(line: Uint8Array): void {
    const tree = this.#tree;
    if (tree === undefined) return;
    tree.appendLine(line);
    this.#other?.tree.appendLine(line);
    if (tree.size === this.#nextSize) this.#compare(tree.size);
  }

  /** Lines are missing or in the wrong place: nothing can be computed until the tree is taken up anew. */
  break(): void {
    if (this.#tree !== undefined) this.#leave(this.#tree.size);
    this.#tree = undefined;
  }

  finish(): void {
    this.break();
  }

  #leave(seq: number): void {
    if (this.#tree !== undefined && !this.#wrong && this.#coveredTo < seq)
      this.uncovered.push({ from: this.#coveredTo, to: seq });
    if (this.#other !== undefined) this.wrongFrontiers.push(this.#other.from);
    this.#other = undefined;
    this.#coveredTo = seq;
  }

  #compare(size: number): void {
    const claims: Claim[] = [];
    for (; this.#claims[this.#at]?.checkpoint.size === size; this.#at += 1)
      claims.push(this.#claims[this.#at] as Claim);
    this.#nextSize = this.#claims[this.#at]?.checkpoint.size ?? Number.POSITIVE_INFINITY;
    if (this.#tree === undefined) return;
    this.#decide(claims);
    const root = this.#tree.root().toString('base64');
    for (const claim of claims) {
      claim.result = claim.root === root ? 'matched' : 'mismatched';
      if (claim.result === 'matched') continue;
      this.mismatches.push({ from: this.#coveredTo, to: size, claim });
      this.#refuted.push(claim);
    }
    const matching = claims.find(({ result }) => result === 'matched');
    if (matching !== undefined) {
      for (const claim of this.#refuted) this.contradicted.set(claim, matching);
      this.covered += size - this.#coveredTo;
      this.#coveredTo = this.#confirmed = size;
      this.#wrong = false;
    } else this.#wrong = true;
  }

  /** With two trees: which one the checkpoints confirm. */
  #decide(claims: readonly Claim[]): void {
    const other = this.#other;
    if (other === undefined) return;
    const roots = new Set(claims.map((claim) => claim.root));
    if (roots.has(this.#tree?.root().toString('base64') ?? '')) this.wrongFrontiers.push(other.from);
    else if (roots.has(other.tree.root().toString('base64'))) {
      const claim = claims.find(({ root }) => root === other.tree.root().toString('base64')) as Claim;
      this.mismatches.push({ from: this.#coveredTo, to: other.from, claim });
      this.#tree = other.tree;
      this.#refuted = [];
      this.#coveredTo = other.from;
    } else return;
    this.#other = undefined;
  }
}
