/** Media types of the discovery documents. */
export const mediaTypes: {
  readonly serverCard: 'application/mcp-server-card+json';
  readonly aiCatalog: 'application/ai-catalog+json';
  readonly apiCatalog: 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"';
} = {
  serverCard: 'application/mcp-server-card+json',
  aiCatalog: 'application/ai-catalog+json',
  apiCatalog: 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
};
