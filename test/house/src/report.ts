/** What a check found. A check that saw nothing is not a check that passed, so `seen` is part of the answer. */
export interface Report {
  /** What was looked at, for people: `9 packages, 140 modules`. */
  readonly seen: string;
  /** One line each: where, what, and what to do about it. */
  readonly problems: readonly string[];
}

/** Writes a report for people and says whether it is clean. */
export function printReport(name: string, report: Report): boolean {
  for (const problem of report.problems) process.stderr.write(`${name}: ${problem}\n`);
  const clean = report.problems.length === 0;
  process.stdout.write(`${name}: ${report.seen}, ${clean ? 'no problem' : `${report.problems.length} problems`}\n`);
  return clean;
}
