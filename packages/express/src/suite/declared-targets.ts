import { toolSecurity, type Card, type ToolSecurity } from '@sallyport/card';
import type { Target, TargetKind } from '@sallyport/core';

/** What the card declares, as far as answers to a caller need it. Who may see what is the authorizer's to say. */
export interface DeclaredTargets {
  /** Names of tools and prompts, URIs and templates of resources. */
  names(kind: TargetKind): readonly string[];
  /** Whether it is a tool or a prompt of the card. */
  declares(target: Target): boolean;
  readonly security: ReadonlyMap<string, ToolSecurity>;
  readonly scopes: ReadonlySet<string>;
}

export function declaredTargets(card: Card): DeclaredTargets {
  const { tools, resources, prompts, scopes } = card.access;
  const names: Readonly<Record<TargetKind, readonly string[]>> = {
    tool: [...tools.keys()],
    resource: [...resources.keys()],
    prompt: [...prompts.keys()],
    task: [],
  };
  return {
    names: (kind) => names[kind],
    declares: ({ kind, name }) => (kind === 'tool' && tools.has(name)) || (kind === 'prompt' && prompts.has(name)),
    security: toolSecurity(card),
    scopes: new Set(scopes.keys()),
  };
}
