/** Why a text is not a template this package understands. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly remedy: string;

  constructor(problem: string, remedy: string) {
    super(problem);
    this.remedy = remedy;
  }
}
