import { errorPage, reasons, type ErrorCode } from '@sallyport/core';
import type { Refused } from './call-tool.ts';
import type { SignedIn } from './sign-in.ts';

/** What is known of the caller besides the answer. */
export interface Attempt {
  readonly tool: string;
  readonly endpoint: URL;
  /** Absent: the call was made with a token from a file, or without any. */
  readonly user: string | undefined;
  readonly signedIn: SignedIn | undefined;
  readonly withToken: boolean;
  /** The rule about the tool in the published card. */
  readonly rule: string | undefined;
}

/** Why a call was refused and what can be done about it. */
export interface Verdict {
  /** The error code, or the HTTP status of a server that sends none. */
  readonly code: string;
  readonly needs: readonly string[];
  readonly message: string;
  readonly next: string;
  readonly doc: string | undefined;
  /** True when the server could not decide right now: asking again may help, other scopes will not. */
  readonly undecided: boolean;
}

/** The refusal in words; everything but its scopes is known here and not taken from the server. */
export function verdictOf(refused: Refused, attempt: Attempt): Verdict {
  const { status, code, scopes } = refused;
  const known = Object.values(reasons).find((info) => info.code === code);
  return {
    code: code ?? `HTTP ${status}`,
    needs: code === 'ERR_TOKEN_NO_TOKEN' ? [] : scopes,
    message: known?.message ?? refused.message,
    next: nextStep(refused, attempt),
    doc: code === undefined ? undefined : errorPage(code),
    undecided: status === 429 || status >= 500,
  };
}

function nextStep(refused: Refused, attempt: Attempt): string {
  const { code, status, scopes, retryAfter } = refused;
  if (status === 429 || status >= 500) {
    return retryAfter === undefined ? 'try again later' : `try again after ${retryAfter} seconds`;
  }
  if (!attempt.withToken) return tokenHint(attempt);
  const step = code === undefined ? undefined : steps.get(code);
  if (step !== undefined) return step;
  if (scopes.length > 0 && status === 403) return scopeHint(attempt, scopes);
  if (status === 401) return `get a new access token for ${attempt.endpoint.href}`;
  return 'read the page of the code, or ask who runs the server: its audit log has the reason';
}

const steps: ReadonlyMap<ErrorCode, string> = new Map([
  [
    'ERR_ACCESS_UNKNOWN_TARGET',
    'check the name; a tool that is not in the Server Card, or is hidden from this caller, looks the same as none',
  ],
  [
    'ERR_TOKEN_AUD_MISMATCH',
    'request the token for this resource, or add its audience to issuers[].audience of the server',
  ],
  ['ERR_NETWORK_HOST_REFUSED', 'use the host name of the resource in --url, or add this one to network.allowedHosts'],
]);

function tokenHint({ endpoint, tool }: Attempt): string {
  return `sign in: sallyport try ${tool} --url ${endpoint.href} --as <user> at a development IdP, else --token-file <file>`;
}

function scopeHint({ user, signedIn }: Attempt, scopes: readonly string[]): string {
  if (user === undefined || signedIn === undefined) return `use a token that has ${scopes.join(' ')}`;
  const missing = scopes.filter((scope) => !signedIn.granted.includes(scope));
  if (missing.length > 0 && missing.every((scope) => signedIn.asked.includes(scope))) {
    return `${user} was asked for and not granted ${missing.join(' ')}: try another user`;
  }
  return `ask for it: --scope "${[...new Set([...signedIn.asked, ...scopes])].join(' ')}"`;
}
