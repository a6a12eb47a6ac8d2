import type { Requirement } from './requirement.ts';

/** What an analyst and an auditor may rely on. */
export const analystToolsRequirements = {
  'ANALYST-CONTROL-MAP': {
    text: 'The control map names, for each control, only fields, settings, commands and pages that exist.',
    source: 'docs/control-map.md',
  },
  'ANALYST-HANDBOOK': {
    text: "Every command of the auditor's handbook prints what the page says, on a log that a server wrote.",
    source: 'docs/auditors-handbook.md',
  },
  'ANALYST-DAMAGED': {
    text: 'On a damaged or foreign folder every command says what it could not read and exits with 1 or 2; it never shows a part as the whole.',
    source: 'docs/auditors-handbook.md, exit codes',
  },
  'ANALYST-READING-RECORDED': {
    text: 'Every command that reads the log of a config file leaves a record of who read what; a copy stays as it is.',
    source: 'docs/audit-verify.md, who reads is recorded; PCI DSS v4.0.1, 10.2.1.3',
  },
  'ANALYST-EXIT-CODES': {
    text: 'The exit codes of the table are those that the help of each command names.',
    source: 'docs/auditors-handbook.md, exit codes',
  },
  'ANALYST-QUIET': {
    text: 'In a pipe the commands print no colours and no progress, ask nothing, and with --quiet only data and problems.',
    source: 'UX, manners: data on stdout, messages on stderr, NO_COLOR, no prompts without a terminal',
  },
  'ANALYST-QUERY': {
    text: 'Lines, groups, SQL and Parquet tell the same of a log: what the server answered.',
    source: 'docs/audit-query.md',
  },
  'ANALYST-SQL': {
    text: 'A statement reads the selected records and nothing else: no file, no network, no live log; it writes nothing and leaves nothing behind.',
    source: 'docs/audit-query.md, what SQL can not do',
  },
} as const satisfies Readonly<Record<string, Requirement>>;
