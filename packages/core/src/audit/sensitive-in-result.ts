/**
 * Where the JSON pointers into the arguments of a tool point in its result. They are written for arguments; a tool that repeats them does
 * so at the root of its result or of its structured content.
 */
export function sensitiveInResult(sensitive: readonly string[]): readonly string[] {
  return sensitive.flatMap((pointer) => [
    pointer,
    ...(pointer === '' ? [] : [`/structuredContent${pointer.startsWith('/') ? '' : '/'}${pointer}`]),
  ]);
}
