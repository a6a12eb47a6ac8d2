import type { Passage } from '../passage/passage.ts';

/** True for what answers with a stream that ends only when somebody closes it: a GET, and `subscriptions/listen`. */
export function isOpenEnded({ call }: Passage, httpMethod: string | undefined): boolean {
  return call === undefined ? httpMethod === 'GET' : call.method === 'subscriptions/listen';
}
