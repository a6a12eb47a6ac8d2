import { isCredentialName } from '@sallyport/core';
import { findUrls, type FoundUrl } from './find-urls.ts';
import { isOpaque } from './opaque.ts';
import { isLiteral, withoutVariables } from './variables.ts';

/** Parameters that sign a URL: whoever has it may use it. Azure, AWS, Google. Without punctuation. */
const signatures: ReadonlySet<string> = new Set(['sig', 'signature', 'xamzsignature', 'xgoogsignature', 'accountkey']);
/** Parameters that are a credential or something harmless. */
const ambiguous: ReadonlySet<string> = new Set(['key', 'code']);

/**
 * The credential that a URL or URL template anywhere in a text carries, in words, or `undefined`. `{variables}` and `ssh://git@…` carry
 * none.
 */
export function secretInUrl(text: string): string | undefined {
  if (!text.includes('://')) return undefined;
  for (const url of findUrls(withoutVariables(text))) {
    const kind = secretOf(url);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

function secretOf({ scheme, userInfo, parameters }: FoundUrl): string | undefined {
  const colon = userInfo.indexOf(':');
  if (colon !== -1 && isLiteral(userInfo.slice(colon + 1))) return 'a password in a URL';
  const isHttp = scheme === 'http' || scheme === 'https';
  if (isHttp && isLiteral(colon === -1 ? userInfo : userInfo.slice(0, colon))) return 'user information in a URL';
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=');
    if (equals === -1) continue;
    const name = decode(parameter.slice(0, equals));
    if (!isSecretParameter(name, decode(parameter.slice(equals + 1)))) continue;
    return `a credential in the parameters of a URL (${name.slice(0, 40)})`;
  }
  return undefined;
}

function isSecretParameter(name: string, value: string): boolean {
  if (!isLiteral(value, name)) return false;
  const plain = name
    .slice(0, 40)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  return isCredentialName(name) || signatures.has(plain) || (ambiguous.has(plain) && isOpaque(value));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
