import { auditEvents } from './events/audit-events.ts';
import { configEvents } from './events/config-events.ts';
import { evidenceEvents } from './events/evidence-events.ts';
import { exportEvents } from './events/export-events.ts';
import { guardEvents } from './events/guard-events.ts';
import { suiteEvents } from './events/suite-events.ts';
import { tokenEvents } from './events/token-events.ts';
import type { LogEventInfo } from './log-event-info.ts';

type Tables = typeof suiteEvents &
  typeof configEvents &
  typeof guardEvents &
  typeof tokenEvents &
  typeof auditEvents &
  typeof evidenceEvents &
  typeof exportEvents;

/** The stable code of an operational log line: `sallyport.<area>.<what>`. Never reused for something else. */
export type LogEventCode = keyof Tables;

/** What a line with a code may say besides its message. */
export type LogEventFields<Code extends LogEventCode> = {
  readonly [Field in Tables[Code]['fields'][number]]?: unknown;
};

/** Every operational log line there is, in the order of the documentation. */
export const logEvents: Readonly<Record<LogEventCode, LogEventInfo>> = {
  ...suiteEvents,
  ...configEvents,
  ...guardEvents,
  ...tokenEvents,
  ...auditEvents,
  ...evidenceEvents,
  ...exportEvents,
};
