/** Beginnings of keys and tokens that say whose they are, with the fewest letters and digits in a row that follow. */
const prefixes: readonly (readonly [prefix: string, run: number])[] = [
  ['AKIA', 16],
  ['ASIA', 16],
  ['AIza', 16],
  ['dop_v1_', 16],
  ['gho_', 16],
  ['ghp_', 16],
  ['ghr_', 16],
  ['ghs_', 16],
  ['ghu_', 16],
  ['github_pat_', 16],
  ['glpat-', 8],
  ['hf_', 16],
  ['npm_', 16],
  ['pypi-', 16],
  ['rk_live_', 16],
  ['shpat_', 16],
  ['sk-', 16],
  ['sk_live_', 16],
  ['sk_test_', 16],
  ['whsec_', 1],
  ['whsec_+', 1],
  ['whsec_/', 1],
  ['xapp-', 8],
  ['xoxa-', 8],
  ['xoxb-', 8],
  ['xoxp-', 8],
  ['xoxr-', 8],
  ['xoxs-', 8],
];

const byFirst: ReadonlyMap<number, readonly (readonly [string, number])[]> = group();

function group(): Map<number, (readonly [string, number])[]> {
  const groups = new Map<number, (readonly [string, number])[]>();
  for (const entry of prefixes) {
    const first = entry[0].charCodeAt(0);
    groups.set(first, [...(groups.get(first) ?? []), entry]);
  }
  return groups;
}

/** Whether a text holds a key or token that can be told by its beginning. Linear in the length of the text. */
export function holdsPrefixedKey(text: string): boolean {
  let inWord = false;
  for (let start = 0; start < text.length; start++) {
    const code = text.charCodeAt(start);
    const begins = !inWord;
    inWord = isWord(code);
    if (!begins || !inWord) continue;
    for (const [prefix, run] of byFirst.get(code) ?? []) {
      if (text.startsWith(prefix, start) && hasRun(text, start + prefix.length, run)) return true;
    }
  }
  return false;
}

/** So many letters and digits in a row, in the next 128 characters that belong to the word. */
function hasRun(text: string, from: number, length: number): boolean {
  let run = 0;
  for (let index = from; index < Math.min(text.length, from + 128); index++) {
    const code = text.charCodeAt(index);
    if (isAlphanumeric(code)) run += 1;
    else if (code === 0x2d || code === 0x5f) run = 0;
    else return false;
    if (run >= length) return true;
  }
  return false;
}

function isWord(code: number): boolean {
  return isAlphanumeric(code) || code === 0x2d || code === 0x5f;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
