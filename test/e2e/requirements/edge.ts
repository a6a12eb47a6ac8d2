import type { Requirement } from './requirement.ts';

/** The response edge, beyond what is in a list: cursors, notifications, streams that outlive their token. */
export const edgeRequirements = {
  'EDGE-CURSOR-BOUND': {
    text: 'A pagination cursor is good only for the caller and the list it was given for, and tells nothing of what it stands for.',
    source: 'Responses are filtered at the edge; MCP pagination (opaque cursors)',
  },
  'EDGE-CHANGES-WITHHELD': {
    text: 'Notifications of changes reach only callers who see what changed: the resource, or something in the list.',
    source: 'Responses are filtered at the edge; MCP 2026-07-28 subscriptions',
  },
  'EDGE-STREAM-EXPIRED': {
    text: 'A stream that is open when its token expires is closed after the clock skew, and nothing is sent on it later.',
    source: 'Responses are filtered at the edge; MCP authorization (a valid token with every request)',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
