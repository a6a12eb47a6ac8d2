/** Somebody who can sign in. There are no passwords: whoever asks is signed in. */
export interface DevUser {
  /** Becomes `sub`; what `login_hint` chooses. */
  readonly name: string;
  /** The scopes this user may be granted, or `any` for every scope the resource knows. */
  readonly scopes: readonly string[] | 'any';
}

/** `alice` may have everything, `bob` nothing. The first one signs in when there is no `login_hint`. */
export const demoUsers: readonly DevUser[] = [
  { name: 'alice', scopes: 'any' },
  { name: 'bob', scopes: [] },
];
