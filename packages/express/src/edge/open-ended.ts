import type { Passage } from '../passage/passage.ts';

/** True for what answers with a stream that ends only when somebody closes it: a GET, and `subscriptions/listen`. */
export function isOpenEnded(passage: Passage): boolean {
  return passage.call === undefined || passage.call.method === 'subscriptions/listen';
}
