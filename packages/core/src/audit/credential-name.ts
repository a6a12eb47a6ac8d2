/** Names that are credentials as they stand, normalised. */
const names: ReadonlySet<string> = new Set([
  'auth',
  'bearer',
  'bearervalue',
  'cookie',
  'cookies',
  'credentials',
  'csrf',
  'cvc',
  'cvv',
  'jwt',
  'mfacode',
  'otp',
  'otpcode',
  'pass',
  'passwort',
  'pin',
  'pincode',
  'pw',
  'pwd',
  'session',
  'sid',
  'tokens',
  'totp',
]);

/** What makes a name one of a credential, wherever it stands in it. */
const parts =
  /accesskey|apikey|authorization|clientassertion|connectionstring|credential|encryptionkey|passcode|passphrase|passwd|password|privatekey|recoverycode|secret|session(?:id|key)|setcookie|signingkey|sshkey/;

/** What makes it one at its end. Tokens that are counted, as `maxTokens`, are none. */
const endings =
  /(?:token(?:value|id|key|string)?|(?:access|api|auth|bearer|csrf|id|refresh|security|session)tokens|pwd)$/;

/** Letters of other scripts that read like Latin ones. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  'аa вb еe ёe зz іi їi јj кk мm нh оo рp сc тt уy хx ѕs ԁd ԛq ԝw һh ɡg ıi αa βb εe ιi κk νv οo ρp τt υu χx ſs'
    .split(' ')
    .map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);

/** Longest name that is looked at; a longer one is judged by its beginning. */
const maxNameLength = 256;

/**
 * Whether a member's name says that its value is a credential. Case, punctuation, accents, invisible characters, full-width
 * letters, look-alikes of other scripts and a number at the end make no difference; anything that ends in `token` or `pwd` counts.
 */
export function isCredentialName(name: string): boolean {
  const plain = normalise(name.length > maxNameLength ? name.slice(0, maxNameLength) : name);
  if (plain.length < 2) return false;
  if (names.has(plain) || parts.test(plain) || endings.test(plain)) return true;
  const base = withoutNumber(plain);
  return base.length !== plain.length && (names.has(base) || endings.test(base));
}

function normalise(name: string): string {
  const lower = isAscii(name)
    ? name.toLowerCase()
    : name
        .normalize('NFKD')
        .toLowerCase()
        .replaceAll(/[^\0-\x7f]/g, (letter) => lookAlikes.get(letter) ?? '');
  return lower.replaceAll(/[^a-z0-9]/g, '');
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

function withoutNumber(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) <= 0x39) end -= 1;
  return text.slice(0, end);
}
