/** What a server registers: the names that its list methods answer with. */
export interface RegisteredTargets {
  readonly tools: readonly string[];
  /** URIs of `resources/list`. May hold instances of templates. */
  readonly resources: readonly string[];
  /** `uriTemplate`s of `resources/templates/list`. */
  readonly resourceTemplates: readonly string[];
  readonly prompts: readonly string[];
}
