import type { Decision, McpCall, Principal, Target } from '@sallyport/core';
import { systemClock, type Clock } from '@sallyport/core';
import type { Card } from '../card/card.ts';
import type { RegisteredTargets } from '../drift/registered-targets.ts';
import type { CompiledRule, PolicyFacts } from './compiled-rule.ts';
import { compileMethods, type CompiledMethod } from './compiled-methods.ts';
import { decideTogether, type AskedRule } from './decide-together.ts';
import { fixedDecision } from './fixed-decisions.ts';
import { createHeldScopes } from './held-scopes.ts';
import { notificationPrefix } from './method-table.ts';
import { createNamedRules } from './named-rules.ts';
import { Question, type Companions } from './question.ts';
import { createResourceRules } from './resource-rules.ts';

export interface PolicyOptions {
  readonly registered?: RegisteredTargets;
  readonly clock?: Clock;
}

/** A compiled policy: what decides, explains a decision by writing its checks down while they are made, or decides again what is known in part. */
export interface Policy {
  readonly decide: (principal: Principal, call: McpCall, companions?: Companions) => Decision;
  readonly sees: (principal: Principal, target: Target, template: boolean) => boolean;
}

export function createPolicy(card: Card, options: PolicyOptions): Policy {
  const { access, policy } = card;
  const { registered, clock = systemClock } = options;
  const facts: PolicyFacts = { policy, declared: access.scopes, clock };
  const holds = createHeldScopes(access.scopes);
  const tools = createNamedRules(access.tools, {
    kind: 'tool',
    facts,
    registered: registered?.tools,
    unknown: 'unknown_tool',
    notInCard: 'tool_not_in_card',
  });
  const prompts = createNamedRules(access.prompts, {
    kind: 'prompt',
    facts,
    registered: registered?.prompts,
    unknown: 'unknown_prompt',
    notInCard: 'prompt_not_in_card',
  });
  const resources = createResourceRules(access.resources, facts, registered);

  const methods = compileMethods(policy);
  const notifications = fixedDecision(`methods.${notificationPrefix}*`, policy);
  const unknownMethod = fixedDecision('default', policy, 'unknown_method');
  const responseRefused = fixedDecision('default', policy, 'response_refused');
  const unknownTask = fixedDecision('default', policy, 'unknown_task');

  const findRules = ({ kind, name }: Target, byKey: boolean): readonly CompiledRule[] => {
    if (kind === 'tool') return asList(tools.find(name));
    if (kind === 'prompt') return asList(prompts.find(name));
    if (kind !== 'resource') return none;
    const exact = byKey ? resources.findKey(name) : undefined;
    return exact === undefined ? resources.findAll(name) : [exact];
  };

  const refuse = ({ kind, name }: Target, { trace }: Question): Decision => {
    const rules = kind === 'tool' ? tools : kind === 'prompt' ? prompts : resources;
    trace?.add('target', 'default', false, `no rule for this ${kind}`);
    return rules.refuse(name);
  };

  const decideTarget = (question: Question, target: Target, byKey: boolean): Decision => {
    const found = findRules(target, byKey);
    const [first] = found;
    if (first === undefined) return refuse(target, question);
    if (found.length === 1) return first.decide(question, target.name);
    const asked = found.map((compiled) => ({ compiled, target: target.name }));
    return decideTogether(namesOf(found), asked, question, facts);
  };

  const decideAll = (question: Question, targets: readonly Target[], noTargets: Decision): Decision => {
    const asked = new Map<string, AskedRule>();
    for (const target of targets) {
      const found = findRules(target, false);
      if (found.length === 0) return refuse(target, question);
      for (const compiled of found) {
        const key = compiled.dependsOnTarget ? `${compiled.name} ${target.name}` : compiled.name;
        asked.set(key, { compiled, target: target.name });
      }
    }
    const list = [...asked.values()];
    const [first] = list;
    if (first === undefined) return noTargets;
    if (list.length === 1) return first.compiled.decide(question, first.target);
    return decideTogether(noTargets.rule, list, question, facts);
  };

  const decideMethod = (
    question: Question,
    call: McpCall,
    { rule, allow, refuse: wrong }: CompiledMethod,
  ): Decision => {
    switch (rule.kind) {
      case 'open':
        return allow;
      case 'task':
        question.trace?.add('target', 'default', false, 'no such task');
        return unknownTask;
      case 'targets':
        if (!call.targets.every(({ kind }) => kind === 'resource')) return wrong;
        return decideAll(question, call.targets, allow);
      case 'target':
        if (call.target === null || !rule.targets.includes(call.target.kind)) return wrong;
        return decideTarget(question, call.target, rule.byKey === true);
    }
  };

  return {
    decide: (principal, call, companions) => {
      if (call.kind === 'response') return responseRefused;
      const isNotification = call.kind === 'notification';
      if (isNotification && call.method.startsWith(notificationPrefix)) return notifications;
      const method = methods.get(call.method);
      if (method === undefined || (method.legacyOnly && call.era === 'modern')) return unknownMethod;
      const decision = decideMethod(new Question(principal, holds(principal), call, companions), call, method);
      return isNotification && decision.effect === 'allow' ? method.notificationRefused : decision;
    },
    sees: (principal, target, template) => {
      const rules = findRules(target, template);
      if (rules.length === 0) return false;
      const question = new Question(principal, holds(principal));
      return rules.every((rule) => rule.isSeen(question));
    },
  };
}

const none: readonly CompiledRule[] = Object.freeze([]);

function asList(rule: CompiledRule | undefined): readonly CompiledRule[] {
  return rule === undefined ? none : [rule];
}

function namesOf(rules: readonly CompiledRule[]): string {
  return rules.map(({ name }) => name).join(' + ');
}
