import { jsonMember } from './json-value.ts';
import { sortedKeys } from './sorted-keys.ts';
import type { Pace, Steps } from './steps.ts';

/** Deepest nesting that is written; what is deeper, or holds itself, is no JSON anybody sent. */
const maxNesting = 10_000;
/** Characters handed on at once, about. */
const pieceLength = 4096;
/** What a value costs beyond its text, in characters. */
const valueCost = 24;

export interface CanonicalOptions {
  /** Takes the text piece by piece; no surrogate pair is cut in two. */
  readonly write: (piece: string) => void;
  readonly pace: Pace;
  /** Containers around the value. */
  readonly depth: number;
  /** Containers inside so many others count as one leaf. */
  readonly maxDepth: number;
}

/** A container that is being written. */
interface Frame {
  readonly container: object;
  /** Names of the members in canonical order; `undefined` for an array. */
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  next: number;
  written: boolean;
}

/**
 * Writes a value as canonical JSON (RFC 8785): no white space, members in the order of the UTF-16 units of their names, texts
 * and numbers as ECMAScript writes them. Beyond the RFC, a lone surrogate is written as its escape, so that nothing is lost.
 *
 * Gives the number of leaves: what is no container, empty containers, and what is nested too deep as one.
 *
 * @throws TypeError or RangeError for what is not JSON; whatever a getter throws.
 */
export function* canonicalJson(value: unknown, options: CanonicalOptions): Steps<number> {
  const { write, pace, depth, maxDepth } = options;
  const stack: Frame[] = [];
  const open = new Set<object>();
  let leaves = 0;
  let out = '';
  let current: unknown = jsonMember(value, '');
  if (current === undefined) throw new TypeError('not JSON');
  for (;;) {
    if (typeof current === 'object' && current !== null) {
      if (open.has(current) || stack.length >= maxNesting)
        throw new RangeError('it holds itself or is nested too deep');
      open.add(current);
      const keys = Array.isArray(current) ? undefined : yield* sortedKeys(current, pace);
      const length = keys?.length ?? (current as readonly unknown[]).length;
      const around = depth + stack.length;
      if (around === maxDepth || (around < maxDepth && length === 0)) leaves += 1;
      out += keys === undefined ? '[' : '{';
      stack.push({ container: current, keys, length, next: 0, written: false });
    } else {
      if (depth + stack.length <= maxDepth) leaves += 1;
      if (typeof current === 'string' && current.length > pieceLength) {
        write(out);
        out = '';
        yield* longText(current, write, pace);
      } else {
        out += JSON.stringify(current);
      }
    }
    if (pace.spend(valueCost)) yield;
    current = undefined;
    while (current === undefined) {
      const frame = stack.at(-1);
      if (frame === undefined) {
        write(out);
        return leaves;
      }
      if (frame.next === frame.length) {
        out += frame.keys === undefined ? ']' : '}';
        open.delete(frame.container);
        stack.pop();
        continue;
      }
      const key = frame.keys?.[frame.next];
      const child: unknown = (frame.container as Record<string, unknown>)[key ?? frame.next];
      current = jsonMember(child, key ?? String(frame.next));
      frame.next += 1;
      if (key === undefined) current ??= null;
      if (current === undefined) continue;
      if (frame.written) out += ',';
      frame.written = true;
      if (key !== undefined && key.length > pieceLength) {
        write(out);
        yield* longText(key, write, pace);
        out = ':';
      } else if (key !== undefined) {
        out += `${JSON.stringify(key)}:`;
      }
      if (out.length >= pieceLength) {
        write(out);
        if (pace.spend(out.length)) yield;
        out = '';
      }
    }
  }
}

/** The JSON text of a long text in pieces. */
export function* longText(text: string, write: (piece: string) => void, pace: Pace): Steps<void> {
  write('"');
  for (let start = 0; start < text.length;) {
    // Escapes make a piece up to six times as long.
    let end = Math.min(start + pieceLength, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    const piece = JSON.stringify(text.slice(start, end));
    write(piece.slice(1, -1));
    start = end;
    if (pace.spend(piece.length)) yield;
  }
  write('"');
}
