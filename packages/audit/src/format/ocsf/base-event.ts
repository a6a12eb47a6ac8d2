import { valueAt, type AuditRecord, type JsonObject } from '@sallyport/core';
import { set } from '../members.ts';
import { commonFacts, high, informational, unmappedOf } from './common-facts.ts';

const baseEvent = {
  class_uid: 0,
  class_name: 'Base Event',
  category_uid: 0,
  category_name: 'Uncategorized',
  activity_id: 99,
  type_uid: 99,
};

/** A record that no other class has a place for, such as those about the log itself, as Base Event (0). */
export function otherEvent(record: AuditRecord): JsonObject {
  const { src_endpoint: _, ...facts } = commonFacts(record, []);
  return {
    ...baseEvent,
    activity_name: record.type,
    type_name: `${baseEvent.class_name}: ${record.type}`,
    ...facts,
    ...(record.type === 'audit.gap' ? high : informational),
    message: record.type,
    unmapped: { ...unmappedOf(record, undefined), ...set({ revocation: valueAt(record, 'revocation') }) },
  };
}
