import { SetupError } from '@sallyport/core';
import { isKeyName } from '../note/key-id.ts';

/**
 * Name of the signing key of a stream, which is the origin of its checkpoints: `<origin>/<stream>`, and for a mirror
 * `<origin>/<stream>/mirror`: it has a sequence of its own, and two logs of one origin would look like one that was forked.
 *
 * @throws SetupError `ERR_AUDIT_KEY` when that can not be the name of a key.
 */
export function requireKeyName(origin: string | undefined, stream: string, mirror: boolean): string {
  const name = `${origin ?? 'localhost'}/${stream}${mirror ? '/mirror' : ''}`;
  if (isKeyName(name)) return name;
  throw new SetupError({
    code: 'ERR_AUDIT_KEY',
    field: 'audit.origin',
    problem: 'the origin can not be part of a key name',
    remedy: 'use a host name, with or without a path, without white space and plus signs',
  });
}
