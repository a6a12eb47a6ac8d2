import { Refusal } from '@sallyport/core';
import { allowOrigin, answerPreflight, isPreflight, varyByOrigin } from '../network/cors.ts';
import { fieldLines, mayHideFields } from '../network/raw-headers.ts';
import type { Station } from '../passage/station.ts';

/** Station 1: exact Host and Origin, preflight, CORS on every answer. Refuses with 403 and no challenge. */
export const networkStation: Station = {
  name: 'network',
  run(passage, req, res) {
    const { runtime } = passage;
    varyByOrigin(res);
    if (mayHideFields(req)) throw new Refusal('too_large', { status: 431 });
    const hosts = fieldLines(req, 'host');
    const authority = passage.target.authority ?? hosts[0];
    if (hosts.length !== 1 || authority === undefined || !runtime.hosts.allows(authority))
      throw new Refusal('host_refused');

    const verdict = runtime.origins(req);
    if (verdict === 'refused') throw new Refusal('origin_refused');
    if (verdict === 'absent') return;
    const dpop = runtime.config.dpop.mode !== 'off';
    allowOrigin(res, req.headers.origin ?? '', dpop);
    if (!isPreflight(req)) return;
    passage.state = 'answered';
    const methods = runtime.config.legacy === 'handler' ? ['POST', 'GET', 'DELETE'] : ['POST'];
    answerPreflight(req, res, { methods, dpop });
  },
};
