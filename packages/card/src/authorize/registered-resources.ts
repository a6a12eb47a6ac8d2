import type { RegisteredTargets } from '../drift/registered-targets.ts';
import { TemplateError } from '../template/template-error.ts';
import { compileUriTemplate, type UriTemplate } from '../template/uri-template.ts';

/** What a server registers as resources, for questions about single URIs. */
export interface RegisteredResources {
  readonly uris: ReadonlySet<string>;
  readonly templates: readonly UriTemplate[];
  /** Whether a URI or, as it is written, a template is registered, or a registered template matches the URI. */
  has(uri: string): boolean;
}

export function createRegisteredResources(
  registered: Pick<RegisteredTargets, 'resources' | 'resourceTemplates'>,
): RegisteredResources {
  const uris = new Set(registered.resources);
  const keys = new Set(registered.resourceTemplates);
  const templates = registered.resourceTemplates.flatMap(compileIfValid);
  return {
    uris,
    templates,
    has: (uri) => uris.has(uri) || keys.has(uri) || templates.some((template) => template.matches(uri)),
  };
}

/** Whether the server registers this template of the card, or at least one resource that it matches. */
export function coversTemplate(registered: RegisteredResources, template: UriTemplate): boolean {
  if (registered.templates.some((other) => other.template === template.template)) return true;
  return [...registered.uris].some((uri) => template.matches(uri));
}

/** A server may register what is no template by RFC 6570; then only its exact text is known. */
function compileIfValid(template: string): readonly UriTemplate[] {
  try {
    return [compileUriTemplate(template)];
  } catch (error) {
    if (error instanceof TemplateError) return [];
    throw error;
  }
}
