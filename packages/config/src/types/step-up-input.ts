/** Help for clients that do not step up as MCP says, as the file writes it. */
export interface StepUpInput {
  /** Name the scopes of each tool in tool lists. Default false. */
  readonly securitySchemes?: boolean;
  /** List also tools that the caller lacks scopes for and that are not hidden. Default false. */
  readonly listDisclosedTools?: boolean;
  /** Clients that read the challenge of a refused tool call in its result; `*`: all. Default: none. */
  readonly wwwAuthenticateMetaFor?: readonly string[];
  /** Repeat the scopes of the token in the challenge of a refused call. Default false. */
  readonly repeatGrantedScopes?: boolean;
}
