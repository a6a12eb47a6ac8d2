/** One challenge of a `WWW-Authenticate` field. Names of parameters are in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly params: Readonly<Record<string, string>>;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+/;
const QUOTED = /^"((?:[\t \x21\x23-\x5B\x5D-\x7E]|\\[\t\x20-\x7E])*)"/;

/**
 * Parses the value of a `WWW-Authenticate` field as strictly as the grammar of RFC 9110 §11.6.1 allows: a list of challenges, each a
 * scheme and a list of parameters, with exactly one comma and one space between elements. No parameter may stand twice in a challenge
 * (§11.2), no scheme twice in the list, and every value is a quoted-string (RFC 6750 §3). Throws for anything else.
 */
function parseChallenges(field: string): Challenge[] {
  const challenges: { scheme: string; params: Map<string, string> }[] = [];
  let rest = field;
  const take = (pattern: RegExp, what: string): RegExpExecArray => {
    const match = pattern.exec(rest);
    if (match === null) throw new Error(`no ${what} at: ${JSON.stringify(rest)}`);
    rest = rest.slice(match[0].length);
    return match;
  };
  for (;;) {
    let name = take(TOKEN, 'token')[0];
    if (rest.startsWith(' ')) {
      if (challenges.some(({ scheme }) => scheme.toLowerCase() === name.toLowerCase()))
        throw new Error(`the scheme ${name} stands twice: ${field}`);
      challenges.push({ scheme: name, params: new Map() });
      take(/^ (?! )/, 'single space');
      name = take(TOKEN, 'parameter')[0];
    }
    const challenge = challenges.at(-1);
    if (challenge === undefined) throw new Error(`no scheme: ${field}`);
    take(/^=/, 'equals sign');
    const value = take(QUOTED, 'quoted string')[1] ?? '';
    const lower = name.toLowerCase();
    if (challenge.params.has(lower)) throw new Error(`${name} stands twice: ${field}`);
    challenge.params.set(lower, value.replaceAll(/\\(.)/g, '$1'));
    if (rest === '') break;
    take(/^, (?! )/, 'comma');
  }
  return challenges.map(({ scheme, params }) => ({ scheme, params: Object.fromEntries(params) }));
}

/**
 * Parses an answer's field lines: one challenge in each. They are parsed once more as the single list that a client sees whose HTTP
 * library joins lines, which must say the same (RFC 9110 §5.3).
 */
export function parseChallengeLines(lines: readonly string[]): Challenge[] {
  const challenges = lines.map((line) => {
    const [challenge, second] = parseChallenges(line);
    if (challenge === undefined || second !== undefined) throw new Error(`not one challenge: ${line}`);
    return challenge;
  });
  if (lines.length > 0 && JSON.stringify(parseChallenges(lines.join(', '))) !== JSON.stringify(challenges))
    throw new Error(`the lines mean something else when they are joined: ${lines.join(', ')}`);
  return challenges;
}
