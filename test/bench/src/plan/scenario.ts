/**
 * What is asked of a server, again and again.
 *
 * `call`: an allowed call with one token. `call-distinct`: every call with a token never seen before. `list`: the list of
 * all tools, with one token. The others are calls that a guarded server refuses, always with the same credential.
 */
export type Scenario =
  | 'call'
  | 'call-distinct'
  | 'list'
  | 'no-token'
  | 'garbage-token'
  | 'expired-token'
  | 'wrong-scope';

export const refusals: readonly Scenario[] = ['no-token', 'garbage-token', 'expired-token', 'wrong-scope'];

/** The status a guarded server must answer with. Anything else voids the row. */
export const expectedStatus: Readonly<Record<Scenario, number>> = {
  call: 200,
  'call-distinct': 200,
  list: 200,
  'no-token': 401,
  'garbage-token': 401,
  'expired-token': 401,
  'wrong-scope': 403,
};
