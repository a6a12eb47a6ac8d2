/** The notes of this process. */
export const notes: Map<string, string> = new Map([
  ['1', 'The first note.'],
  ['2', 'Remember the milk.'],
]);
