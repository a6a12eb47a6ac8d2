/** A fact about a caller that a decision can depend on. */
export type PrincipalFact =
  | 'issuer'
  | 'subject'
  | 'clientId'
  | 'tenant'
  | 'scopes'
  | 'groups'
  | 'roles'
  | 'actors'
  | 'acr'
  | 'amr'
  | 'authTime';

/**
 * What can be missing where a call is decided again from its record. `steps`: whether a condition would need too many for the arguments.
 * `target`: its name; `targets`: the resources of a subscription; `registered`: whether the server has the target now, which it had not
 * then. `record`: the record is not as a log writes it.
 */
export type MissingFact =
  | PrincipalFact
  | 'arguments'
  | 'steps'
  | 'method'
  | 'target'
  | 'targets'
  | 'registered'
  | 'record';
