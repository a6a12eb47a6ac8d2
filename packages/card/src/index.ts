export { requireScopesDeclared, type RequireScopesDeclaredOptions } from './access/require-scopes-declared.ts';
export { createAuthorizer, type CreateAuthorizerOptions } from './authorize/create-authorizer.ts';
export { cardFromListing, type BuiltCard, type CardFromListingOptions } from './builder/card-from-listing.ts';
export { cardFromServer, type CardFromServerOptions } from './builder/card-from-server.ts';
export { formatCard, type FormatCardOptions } from './builder/format-card.ts';
export { listRegistered, listServer, type ListRegisteredOptions } from './builder/list-registered.ts';
export { listTargets, type ServerConnection } from './builder/list-targets.ts';
export { registeredTargets, type ListedServer, type ListedTarget } from './builder/listed-server.ts';
export type { MemberChange } from './builder/set-members.ts';
export { accessKey, type AccessPolicy, type Card, type ScopeRule, type TargetRule } from './card/card.ts';
export { inspectCard, type InspectCardOptions } from './card/inspect-card.ts';
export type { CardMistake, CardRemark, CardReport } from './card/inspect-document.ts';
export { loadCard, type LoadCardOptions } from './card/load-card.ts';
export type { AccessRuleInput, CallRuleInput, CardInput, RemoteInput, ScopeInput } from './define/card-input.ts';
export { defineCard } from './define/define-card.ts';
export { explainDecision, type ExplainDecisionOptions } from './explain/explain-decision.ts';
export type { ExplainedCheck, Explanation, ExplanationStep } from './explain/explanation.ts';
export { findDrift, type DriftFinding } from './drift/find-drift.ts';
export type { VisibleScopes } from './drift/find-scope-drift.ts';
export type { RegisteredTargets } from './drift/registered-targets.ts';
export { requireNoDrift } from './drift/require-no-drift.ts';
export { compareWithServer, type CardDifference, type LiveServer } from './compare/compare-with-server.ts';
export { createReplayer, type Replayed, type Replayer } from './replay/create-replayer.ts';
export type { MissingFact, PrincipalFact } from './authorize/missing-fact.ts';
export { conditionReads, type ConditionRead } from './condition/condition-reads.ts';
export type {
  CardVia,
  FetchedCard,
  FetchedLists,
  FetchedRemote,
  FetchedServerCard,
  FetchFinding,
} from './fetch/fetched-card.ts';
export { fetchServerCard, type FetchServerCardOptions } from './fetch/fetch-server-card.ts';
export { aiCatalog, type AiCatalogOptions } from './publish/ai-catalog.ts';
export { apiCatalog, apiCatalogLink, type ApiCatalogOptions } from './publish/api-catalog.ts';
export { mediaTypes } from './publish/media-types.ts';
export { publishedCard, type PublishedCardOptions } from './publish/published-card.ts';
export { cardJsonSchema } from './schema/card-json-schema.ts';
export { cardWarnings, type PublishedConcern } from './secrets/card-warnings.ts';
export { serializeDocument, type SerializedDocument } from './publish/serialize-document.ts';
export { toolSecurity, type ToolSecurity } from './step-up/tool-security.ts';
