/** What is wrong with a condition; whoever reads the card adds where it stands. */
export class ConditionProblem extends Error {
  override readonly name = 'ConditionProblem';
  readonly problem: string;
  readonly remedy: string;

  constructor(problem: string, remedy: string) {
    super(problem);
    this.problem = problem;
    this.remedy = remedy;
  }
}
