import * as module from 'canonicalize';

/** An independent implementation of RFC 8785. Its types do not fit the form in which Node loads it. */
export const canonicalize: (value: unknown) => string | undefined = module.default as unknown as (
  value: unknown,
) => string | undefined;
