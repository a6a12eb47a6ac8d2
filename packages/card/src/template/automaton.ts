/** Characters of a class, by code; codes from 128 on belong to no class but `anyCharacter`. */
export type CharacterClass = Uint8Array;

/** Part of an expression: the positions it may begin and end with, and whether it may be empty. */
export interface Fragment {
  readonly nullable: boolean;
  readonly first: readonly number[];
  readonly last: readonly number[];
}

export function characterClass(characters: string): CharacterClass {
  const table = new Uint8Array(128);
  for (const char of characters) table[char.charCodeAt(0)] = 1;
  return table;
}

/** Matches every character. */
export const anyCharacter: CharacterClass = new Uint8Array(0);

const empty: Fragment = { nullable: true, first: [], last: [] };

/**
 * A position automaton (Glushkov) for expressions over characters. It never backtracks: the work is at most the length of the text
 * times the number of positions, whatever the text is.
 */
export class Automaton {
  readonly #codes: number[] = [];
  readonly #classes: (CharacterClass | undefined)[] = [];
  readonly #follow: Set<number>[] = [];

  /** Positions so far: the measure of its size. */
  get size(): number {
    return this.#codes.length;
  }

  text(text: string): Fragment {
    let result = empty;
    for (let i = 0; i < text.length; i += 1)
      result = this.sequence(result, this.#position(text.charCodeAt(i), undefined));
    return result;
  }

  oneOf(characters: CharacterClass): Fragment {
    return this.#position(-1, characters);
  }

  sequence(...fragments: readonly Fragment[]): Fragment {
    return fragments.reduce((left, right) => {
      this.#connect(left.last, right.first);
      return {
        nullable: left.nullable && right.nullable,
        first: left.nullable ? [...left.first, ...right.first] : left.first,
        last: right.nullable ? [...left.last, ...right.last] : right.last,
      };
    }, empty);
  }

  choice(...fragments: readonly Fragment[]): Fragment {
    return {
      nullable: fragments.some(({ nullable }) => nullable),
      first: fragments.flatMap(({ first }) => first),
      last: fragments.flatMap(({ last }) => last),
    };
  }

  optional(fragment: Fragment): Fragment {
    return { ...fragment, nullable: true };
  }

  repeated(fragment: Fragment): Fragment {
    this.#connect(fragment.last, fragment.first);
    return fragment;
  }

  /** A function that says whether a whole text matches. It keeps its working memory, so a match allocates nothing. */
  matcher(expression: Fragment): (text: string) => boolean {
    const follow = this.#follow.map((positions) => Int32Array.from(positions));
    const first = Int32Array.from(expression.first);
    const last = new Uint8Array(this.size);
    for (const position of expression.last) last[position] = 1;
    const codes = Int32Array.from(this.#codes);
    const classes = [...this.#classes];
    let active = new Int32Array(this.size);
    let next = new Int32Array(this.size);
    const seenAt = new Int32Array(this.size);

    const accepts = (position: number, code: number): boolean => {
      const members = classes[position];
      if (members === undefined) return codes[position] === code;
      return members === anyCharacter || members[code] === 1;
    };

    return (text) => {
      if (text.length === 0) return expression.nullable;
      seenAt.fill(-1);
      let count = 0;
      for (let i = 0; i < text.length; i += 1) {
        const code = text.charCodeAt(i);
        let found = 0;
        const sources = i === 0 ? 1 : count;
        for (let s = 0; s < sources; s += 1) {
          const candidates = i === 0 ? first : follow[active[s] ?? 0];
          if (candidates === undefined) continue;
          for (const position of candidates) {
            if (seenAt[position] === i || !accepts(position, code)) continue;
            seenAt[position] = i;
            next[found] = position;
            found += 1;
          }
        }
        if (found === 0) return false;
        [active, next, count] = [next, active, found];
      }
      for (let s = 0; s < count; s += 1) if (last[active[s] ?? 0] === 1) return true;
      return false;
    };
  }

  #position(code: number, members: CharacterClass | undefined): Fragment {
    const position = this.#codes.length;
    this.#codes.push(code);
    this.#classes.push(members);
    this.#follow.push(new Set());
    return { nullable: false, first: [position], last: [position] };
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const position of from) for (const target of to) this.#follow[position]?.add(target);
  }
}
