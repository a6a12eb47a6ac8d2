import type { Requirement } from './requirement.ts';

/** `enforcement: "observe"`: what it lets pass, what it never does, and how it is seen. */
export const observeModeRequirements = {
  'OBSERVE-PASSES': {
    text: 'In observe mode a call that only the policy denies reaches the server, and clients see no difference to no guard.',
    source: 'Observe mode',
  },
  'OBSERVE-RECORDED': {
    text: 'Its record says deny, the reason, the missing scopes and enforced false; it is durable before the call runs and has an outcome.',
    source: 'Observe mode; audit',
  },
  'OBSERVE-STILL-REFUSES': {
    text: 'Observe mode never relaxes network, authentication, limits, parsing, headers, notifications or the ownership of sessions.',
    source: 'Observe mode',
  },
  'OBSERVE-LISTS': {
    text: 'In observe mode lists are not filtered, and the outcome counts what enforcing would hide.',
    source: 'Observe mode',
  },
  'OBSERVE-LOUD': {
    text: 'A server in observe mode says so in its log at every start, in /readyz and in its config.loaded record.',
    source: 'Observe mode',
  },
  'OBSERVE-WOULD-DENY': {
    text: 'sallyport audit show --would-deny lists what enforcing would deny, summed up by rule and caller.',
    source: 'Observe mode; the analyst',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
