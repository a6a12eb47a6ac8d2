import type { IssuerInspection } from '@sallyport/token';
import { fail, pass, warn, type Finding } from '../finding.ts';

/** The keys of an issuer: how many there are, and which of them can not be used and why. `field` is where the issuer is in the config. */
export function checkKeys(found: IssuerInspection, field: string): readonly Finding[] {
  const { issuer, keys, keysProblem, jwksUri, skipped, ambiguous = [] } = found;
  if (keys === undefined) {
    const remedy =
      jwksUri === undefined ? 'mend the metadata first, or set jwksUri' : `check ${jwksUri} from this host`;
    return [
      fail(
        'keys',
        'ERR_TOKEN_IDP_UNAVAILABLE',
        `the keys of ${issuer} can not be had: ${keysProblem ?? 'no reason given'}`,
        remedy,
      ),
    ];
  }
  const weak = keys.filter(({ problem }) => problem !== undefined);
  const strong = keys.filter(({ problem }) => problem === undefined);
  const usable = strong.filter(({ algorithms }) => algorithms.length > 0);
  const excluded = strong.filter(({ algorithms }) => algorithms.length === 0);
  const secret = skipped?.get('private') ?? 0;
  const findings: Finding[] = [];
  if (secret > 0) {
    findings.push(
      fail(
        'keys',
        'ERR_TOKEN_WEAK_KEY',
        `${issuer} publishes ${secret} private or secret key${secret === 1 ? '' : 's'}: anybody can sign with them`,
        'tell its operator at once: take them out and make new ones',
      ),
    );
  }
  for (const { kid, problem = '' } of weak) {
    findings.push(
      fail(
        'keys',
        'ERR_TOKEN_WEAK_KEY',
        `key ${kid ?? 'without kid'} of ${issuer}: ${problem}`,
        'rotate to RSA with 2048 bits or more, or to P-256, at the issuer',
      ),
    );
  }
  if (ambiguous.length > 0) {
    findings.push(
      fail(
        'keys',
        'ERR_TOKEN_KEY_NOT_FOUND',
        `several keys of ${issuer} have the kid ${ambiguous.join(', ')}: none of them is used`,
        'give every key a kid of its own at the issuer',
      ),
    );
  }
  if (usable.length === 0 && excluded.length === 0 && findings.length === 0) {
    return [
      fail(
        'keys',
        'ERR_TOKEN_KEY_NOT_FOUND',
        `${issuer} publishes no key for signatures at ${jwksUri ?? ''}`,
        'let the issuer sign with RSA, P-256 or Ed25519 and publish the key',
      ),
    ];
  }
  if (usable.length === 0 && excluded.length > 0) {
    const kinds = [...new Set(excluded.map(({ kty }) => kty))].join(', ');
    findings.push(
      fail(
        'keys',
        'ERR_TOKEN_ALG_NOT_ALLOWED',
        `none of the keys of ${issuer} (${kinds}) fits the allowed algorithms`,
        `add the algorithm of the issuer to ${field}.algorithms`,
      ),
    );
  } else if (excluded.length > 0) {
    const names = excluded.map(({ kid, kty }) => `${kid ?? 'without kid'} (${kty})`).join(', ');
    findings.push(
      warn(
        'keys',
        `no allowed algorithm fits ${names} of ${issuer}: tokens signed with it are refused`,
        `add its algorithm to ${field}.algorithms if tokens for this server are signed with it`,
      ),
    );
  }
  if (usable.length > 0) {
    const algorithms = [...new Set(usable.flatMap((key) => key.algorithms))].join(', ');
    findings.push(pass('keys', `${issuer}  ${usable.length} usable, for ${algorithms}`));
  }
  return findings;
}
