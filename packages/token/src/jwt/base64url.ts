/**
 * Decodes base64url without padding (RFC 7515 §2), or gives `undefined` where the text is not the one canonical encoding of its
 * bytes: padding, whitespace, the other alphabet and stray low bits are all refused, so that no token has two spellings.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
