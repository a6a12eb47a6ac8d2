import { InvalidArgumentError } from 'commander';

/** Scopes of an option, separated by spaces. Throws what Commander makes wrong usage of. */
export function scopeList(text: string): readonly string[] {
  const scopes = text.split(' ').filter((scope) => scope !== '');
  if (scopes.length === 0 || !scopes.every((scope) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(scope))) {
    throw new InvalidArgumentError('Expected scopes separated by spaces, such as "notes:read notes:write".');
  }
  return scopes;
}
