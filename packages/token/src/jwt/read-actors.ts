import { isJsonObject, member, type Actor, type JsonValue } from '@sallyport/core';
import { refuse } from '../refuse.ts';
import { isIdentifier } from './identifier.ts';

/** Longest delegation chain that is accepted. */
const MAX_ACTORS = 8;

/**
 * Reads the delegation chain of `act` (RFC 8693 §4.1), outermost actor first. Frozen; empty without `act`.
 *
 * Throws `Refusal` `malformed_token`: a chain that can not be recorded in full is not accepted.
 */
export function readActors(act: JsonValue | undefined): readonly Actor[] {
  const actors: Actor[] = [];
  for (let link = act; link !== undefined; link = member(link, 'act')) {
    const subject = member(link, 'sub');
    const issuer = member(link, 'iss');
    if (!isJsonObject(link) || !isIdentifier(subject))
      throw refuse('malformed_token', 'act is not an object with a sub');
    if (issuer !== undefined && !isIdentifier(issuer))
      throw refuse('malformed_token', 'act has an iss that is not a string');
    if (actors.length === MAX_ACTORS) throw refuse('malformed_token', 'act is nested too deeply');
    actors.push(Object.freeze(issuer === undefined ? { subject } : { issuer, subject }));
  }
  return Object.freeze(actors);
}
