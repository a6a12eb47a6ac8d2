import { systemClock, type Authorizer, type Clock, type Decision, type McpCall, type Target } from '@sallyport/core';
import type { Card } from '../card/card.ts';
import type { RegisteredTargets } from '../drift/registered-targets.ts';
import { decideTogether, type Caller, type CompiledRule } from './compiled-rule.ts';
import { fixedDecision } from './fixed-decisions.ts';
import { createHeldScopes } from './held-scopes.ts';
import { methodTable, notificationPrefix, type MethodRule } from './method-table.ts';
import { createNamedRules } from './named-rules.ts';
import { createResourceRules } from './resource-rules.ts';

export interface CreateAuthorizerOptions {
  /**
   * What the server registers, from `listRegistered`. Targets that it does not register are refused as unknown even when the card
   * declares them. Without it, every target outside the card is refused as not in the card.
   */
  readonly registered?: RegisteredTargets;
  /** Tells how long ago a sign-in was, where a target asks. Default: the system's. */
  readonly clock?: Clock;
}

/**
 * Compiles the policy of a card into an `Authorizer`: default deny, exact and case-sensitive names, no I/O, no state but a memory of
 * which scopes a frozen principal holds. The cost of a decision does not depend on the number of tools.
 *
 * Where a target asks for a strong or fresh sign-in (RFC 9470), whoever holds its scopes and meets its condition is asked for that too.
 *
 * It does not evaluate conditions: a target with `when` denies with reason `condition`. It does not decide posted responses, which
 * belong to sessions: they are refused with reason `response_refused`.
 */
export function createAuthorizer(card: Card, options: CreateAuthorizerOptions = {}): Authorizer {
  const { access, policy } = card;
  const { registered, clock = systemClock } = options;
  const facts = { policy, clock };
  const holds = createHeldScopes(access.scopes);
  const tools = createNamedRules(access.tools, {
    part: 'tools',
    policy,
    registered: registered?.tools,
    unknown: 'unknown_tool',
    notInCard: 'tool_not_in_card',
    clock,
  });
  const prompts = createNamedRules(access.prompts, {
    part: 'prompts',
    policy,
    registered: registered?.prompts,
    unknown: 'unknown_prompt',
    notInCard: 'prompt_not_in_card',
    clock,
  });
  const resources = createResourceRules(access.resources, policy, registered, clock);

  const methods = new Map([...methodTable].map(([method, rule]) => [method, compileMethod(method, rule, policy)]));
  const notifications = fixedDecision(`methods.${notificationPrefix}*`, policy);
  const unknownMethod = fixedDecision('default', policy, 'unknown_method');
  const responseRefused = fixedDecision('default', policy, 'response_refused');
  const unknownTask = fixedDecision('default', policy, 'unknown_task');

  const decideResource = (caller: Caller, name: string, byKey: boolean): Decision => {
    const exact = byKey ? resources.findKey(name) : undefined;
    if (exact !== undefined) return exact.decide(caller);
    const found = resources.findAll(name);
    const [first] = found;
    if (first === undefined) return resources.refuse(name);
    return found.length === 1 ? first.decide(caller) : decideTogether(namesOf(found), found, caller, facts);
  };

  const decideTarget = (caller: Caller, { kind, name }: Target, byKey: boolean): Decision => {
    if (kind === 'tool') return tools.find(name)?.decide(caller) ?? tools.refuse(name);
    if (kind === 'prompt') return prompts.find(name)?.decide(caller) ?? prompts.refuse(name);
    return decideResource(caller, name, byKey);
  };

  const decideAll = (caller: Caller, targets: readonly Target[], none: Decision): Decision => {
    if (targets.length === 0) return none;
    const decisions = targets.map((target) => decideTarget(caller, target, false));
    const unseen = decisions.find(({ effect, disclosure }) => effect === 'deny' && disclosure === 'hide');
    if (unseen !== undefined) return unseen;
    const [first] = decisions;
    if (first !== undefined && decisions.every((decision) => decision === first)) return first;
    const rules = [...new Set(targets.flatMap(({ name }) => resources.findAll(name)))];
    return decideTogether(none.rule, rules, caller, facts);
  };

  const decideMethod = (caller: Caller, call: McpCall, { rule, allow, refuse }: CompiledMethod): Decision => {
    switch (rule.kind) {
      case 'open':
        return allow;
      case 'task':
        return unknownTask;
      case 'targets':
        return call.targets.every(({ kind }) => kind === 'resource') ? decideAll(caller, call.targets, allow) : refuse;
      case 'target':
        if (call.target === null || !rule.targets.includes(call.target.kind)) return refuse;
        return decideTarget(caller, call.target, rule.byKey === true);
    }
  };

  return {
    policy,
    decide: (principal, call) => {
      if (call.kind === 'response') return responseRefused;
      const isNotification = call.kind === 'notification';
      if (isNotification && call.method.startsWith(notificationPrefix)) return notifications;
      const method = methods.get(call.method);
      if (method === undefined || (method.legacyOnly && call.era === 'modern')) return unknownMethod;
      const decision = decideMethod({ held: holds(principal), principal }, call, method);
      return isNotification && decision.effect === 'allow' ? method.notificationRefused : decision;
    },
    sees: (principal, target, template = false) => {
      const rules = findRules(target, template);
      if (rules.length === 0) return false;
      const held = holds(principal);
      return rules.every((rule) => rule.isSatisfied(held));
    },
  };

  function findRules({ kind, name }: Target, template: boolean): readonly CompiledRule[] {
    if (kind === 'resource' && !template) return resources.findAll(name);
    const rule =
      kind === 'resource'
        ? resources.findKey(name)
        : kind === 'tool'
          ? tools.find(name)
          : kind === 'prompt'
            ? prompts.find(name)
            : undefined;
    return rule === undefined ? [] : [rule];
  }
}

interface CompiledMethod {
  readonly rule: MethodRule;
  readonly legacyOnly: boolean;
  readonly allow: Decision;
  /** For a call whose target is missing or of another kind. */
  readonly refuse: Decision;
  readonly notificationRefused: Decision;
}

const unknownReasons = {
  tool: 'unknown_tool',
  resource: 'unknown_resource',
  prompt: 'unknown_prompt',
  task: 'unknown_task',
} as const;

function compileMethod(method: string, rule: MethodRule, policy: string): CompiledMethod {
  const name = `methods.${method}`;
  const kind = rule.kind === 'target' ? (rule.targets[0] ?? 'tool') : 'resource';
  return {
    rule,
    legacyOnly: 'legacyOnly' in rule,
    allow: fixedDecision(name, policy),
    refuse: fixedDecision('default', policy, unknownReasons[kind]),
    notificationRefused: fixedDecision(name, policy, 'notification_refused'),
  };
}

function namesOf(rules: readonly CompiledRule[]): string {
  return rules.map(({ name }) => name).join(' + ');
}
