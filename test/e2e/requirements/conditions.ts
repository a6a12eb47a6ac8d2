import type { Requirement } from './requirement.ts';

/** What a card may ask of the caller and the arguments besides scopes. */
export const conditionRequirements = {
  'CARD-CONDITION': {
    text: 'A tool whose condition holds for the caller and the arguments runs; any other call of it is 403 and runs nothing.',
    source: 'Design, Server Card; the walk, station 8',
  },
  'CARD-CONDITION-ERROR': {
    text: 'A condition that can not be evaluated for the arguments is refused like one that does not hold.',
    source: 'Design, Server Card: an evaluation error denies',
  },
  'CARD-CONDITION-STEP-UP': {
    text: 'A caller who lacks the step-up scopes of a condition is told of them and of the scopes of the operation in one challenge.',
    source: 'Design, Server Card; MCP authorization, step-up; RFC 6750 §3.1',
  },
  'CARD-CONDITION-AFTER-SCOPES': {
    text: 'Who lacks a scope of a target with a condition is told of the scope, and nothing of the condition.',
    source: 'Design, Server Card',
  },
  'CARD-CONDITION-RECORDED': {
    text: 'The record of a refused condition says which one did not hold, and no argument in clear.',
    source: 'Design, Server Card and Audit',
  },
  'CARD-CONDITION-CHECKED': {
    text: 'A card whose condition does not parse, names what does not exist or can not be true stops the start.',
    source: 'Design, Server Card: type-checked when the card loads',
  },
  'CARD-GROUPS': {
    text: 'A tool for a group or role is 403 to everybody else, whatever their scopes, and in no list of theirs.',
    source: 'Design, Server Card; how it should feel, the operator',
  },
  'CARD-OFFLINE-ACCESS': {
    text: 'A card or config that makes offline_access a scope of the server stops the start.',
    source: 'SEP-835; MCP authorization, scope selection',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
