import { isJsonObject, type JsonValue } from '@sallyport/core';
import type { Passage } from '../passage/passage.ts';

/** The `detail` of a record: what the case has to say, and which headers were not believed. */
export function auditDetail(
  { untrustedHeaders }: Pick<Passage, 'untrustedHeaders'>,
  detail: JsonValue | undefined,
): { readonly detail?: JsonValue } {
  if (untrustedHeaders.length === 0) return detail === undefined ? {} : { detail };
  const own = detail === undefined ? {} : isJsonObject(detail) ? detail : { problem: detail };
  return { detail: { ...own, untrusted_header: [...untrustedHeaders] } };
}
