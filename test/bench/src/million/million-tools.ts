/** A tool of the log, and the one scope that it needs. */
export interface MillionTool {
  readonly name: string;
  readonly scope: string;
}

const areas = ['notes', 'db', 'files', 'reports', 'payments', 'mail', 'calendar', 'search'];
const verbs = ['list', 'get', 'create', 'update', 'delete'];

/** The 40 tools whose calls the log holds: `notes_list` to `search_delete`, five of an area, which need the scope of that area. */
export const millionTools: readonly MillionTool[] = verbs.flatMap((verb) =>
  areas.map((area) => ({ name: `${area}_${verb}`, scope: `${area}:use` })),
);

/** All scopes of these tools. */
export const millionScopes: readonly string[] = [...new Set(millionTools.map(({ scope }) => scope))];

/** The policy under which the calls were decided, for the record of each decision. */
export const millionPolicy = 'sha256:6f1c0e6b1d5a4c0b8b1de5b2b1c9e0a46f1c0e6b1d5a4c0b8b1de5b2b1c9e0a4';
