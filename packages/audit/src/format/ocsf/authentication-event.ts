import { textAt, type AuditRecord, type JsonObject } from '@sallyport/core';
import { set } from '../members.ts';
import {
  allowed,
  commonFacts,
  denied,
  failure,
  informational,
  low,
  success,
  unmappedOf,
  userOf,
} from './common-facts.ts';

const authentication = {
  class_uid: 3002,
  class_name: 'Authentication',
  category_uid: 3,
  category_name: 'Identity & Access Management',
};

/** A failed authentication, or a session that begins or ends, as Authentication (3002). */
export function authenticationEvent(record: AuditRecord): JsonObject {
  const [activity_id, activity_name] = record.type === 'session.ended' ? [2, 'Logoff'] : [1, 'Logon'];
  const failed = textAt(record, 'decision', 'effect') === 'deny' || record.type === 'audit.aggregated';
  return {
    ...authentication,
    activity_id,
    activity_name,
    type_uid: authentication.class_uid * 100 + activity_id,
    type_name: `${authentication.class_name}: ${activity_name}`,
    ...commonFacts(record),
    ...(failed ? low : informational),
    ...(failed ? denied : allowed),
    ...(failed ? failure : success),
    ...set({ status_code: textAt(record, 'decision', 'reason'), status_detail: textAt(record, 'decision', 'reason') }),
    user: userOf(record),
    service: { name: textAt(record, 'stream') ?? '' },
    auth_protocol_id: 6,
    auth_protocol: 'OAUTH 2.0',
    is_remote: true,
    unmapped: unmappedOf(record, undefined),
  };
}
