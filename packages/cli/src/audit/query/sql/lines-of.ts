/** The lines that come from another process; a last one that is not finished is none. */
export async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string, void, undefined> {
  stream.setEncoding('utf8');
  let parts: string[] = [];
  for await (const chunk of stream) {
    const [first = '', ...others] = String(chunk).split('\n');
    parts.push(first);
    for (const begun of others) {
      yield parts.join('');
      parts = [begun];
    }
  }
}
