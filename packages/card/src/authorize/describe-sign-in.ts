import type { SignInRequirement } from '@sallyport/core';

/** One line for an operator about the sign-in a rule asks for. */
export function describeSignIn({ acrValues, maxAgeSeconds }: SignInRequirement, isMet: boolean): string {
  const parts = [
    ...(acrValues.length === 0 ? [] : [`with acr ${acrValues.join(' or ')}`]),
    ...(maxAgeSeconds === undefined ? [] : [`at most ${maxAgeSeconds} seconds ago`]),
  ];
  return `${isMet ? 'signed in' : 'needs a sign-in'} ${parts.join(', ')}`;
}
